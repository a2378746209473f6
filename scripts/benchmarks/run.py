"""All benchmarks in one command: a table, JSON and a picture of every ratio.

    python scripts/benchmarks/run.py                            # all, about ten minutes
    python scripts/benchmarks/run.py --quick                    # a look at all, about a minute
    python scripts/benchmarks/run.py --only loaders,training

Every script runs in a process of its own, one after the other. Peers are torch, torchvision, Grain,
jax-dataloader and tf.data: each takes part where it is installed, and is in no report where not.
"""

import argparse
import subprocess
import sys
import tempfile
from pathlib import Path

import harness
from harness.chart import draw

HERE = Path(__file__).parent
SCRIPTS = ("loaders", "images", "training", "startup", "memory", "random_stream", "checks")
WITH_ROOT = ("loaders", "memory")


def names(text: str) -> list[str]:
    """Read names of scripts, separated by commas."""
    chosen = text.split(",")
    unknown = set(chosen) - set(SCRIPTS)
    if unknown:
        raise argparse.ArgumentTypeError(f"{sorted(unknown)} came: write some of {list(SCRIPTS)}")
    return chosen


def measure(script: str, options: argparse.Namespace) -> harness.Report:
    """Run a script and return its report."""
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        words = [sys.executable, str(HERE / f"{script}.py"), "--json", str(report)]
        words += ["--quick"] if options.quick else []
        words += ["--rounds", str(options.rounds)] if options.rounds else []
        words += ["--root", str(options.root)] if script in WITH_ROOT else []
        print(f"{script} …", file=sys.stderr, flush=True)
        subprocess.run(words, stdout=subprocess.DEVNULL, check=True)
        return harness.Report.load(report)


def main() -> None:
    """Run the scripts, print their report, and write it as JSON and as PNG."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("--quick", action="store_true", help="less work: a look, no figures")
    add("--only", type=names, default=list(SCRIPTS), help=f"some of {','.join(SCRIPTS)}")
    add("--rounds", type=int, help="without it: as many as the script takes")
    add("--root", type=Path, default=Path("data"), help="folder of Fashion-MNIST")
    add("--output", type=Path, default=Path("runs/benchmarks"), help="folder of JSON and PNG")
    options = parser.parse_args()
    report = harness.Report.together([measure(script, options) for script in options.only])
    print(harness.text(report))
    report.save(options.output / "benchmarks.json")
    print(f"\nwritten: {options.output / 'benchmarks.json'}")
    if any(part.ratios for group in report.groups for part in group.parts):
        draw(report, options.output / "benchmarks.png")
        print(f"written: {options.output / 'benchmarks.png'}")


if __name__ == "__main__":
    main()
