"""The scripts run, with the peers that are installed and with none."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from PIL import Image

from harness import Report, text
from harness.peers import MODULES, peers_of

SCRIPTS = Path(__file__).parents[2] / "scripts" / "benchmarks"
WITHOUT = """
import runpy, sys
for module in {modules!r}:
    sys.modules[module] = None  # as if it were not installed
script, sys.argv = sys.argv[1], sys.argv[1:]
sys.path.insert(0, {folder!r})
runpy.run_path(script, run_name="__main__")
"""


def measured(script, tmp_path, *options):
    """What a script reports without its peers."""
    code = WITHOUT.format(modules=list(MODULES.values()), folder=str(SCRIPTS))
    words = [str(SCRIPTS / f"{script}.py"), "--quick", "--json", str(tmp_path / "r.json"), *options]
    subprocess.run([sys.executable, "-c", code, *words], check=True, capture_output=True)
    return json.loads((tmp_path / "r.json").read_text())


WITHOUT_PEERS = [
    pytest.param("loaders", "in memory", id="loaders"),
    pytest.param("loaders", "many small", marks=pytest.mark.slow, id="loaders-small"),
    pytest.param("images", "PNG", marks=pytest.mark.slow, id="images"),
    pytest.param("startup", "import", marks=pytest.mark.slow, id="startup"),
    pytest.param("memory", "import", marks=pytest.mark.slow, id="memory"),
    pytest.param("training", "batches of 64", marks=pytest.mark.slow, id="training"),
    pytest.param("random_stream", "NumPy", marks=pytest.mark.slow, id="random_stream"),
]


@pytest.mark.parametrize(("script", "part"), WITHOUT_PEERS)
def test_a_peer_that_is_not_installed_is_in_no_report(script, part, tmp_path):
    report = measured(script, tmp_path, "--only", part)
    assert report["missing"] == list(MODULES)
    assert report["versions"].keys() == {"functorch_course", "jax", "numpy"}
    figures = [name for group in report["groups"] for p in group["parts"] for name in p["figures"]]
    assert "ours" in {name.split(",")[0] for name in figures}
    assert peers_of(figures) == []


def test_without_a_ratio_there_is_no_picture(tmp_path):
    words = ["--quick", "--only", "checks", "--output", str(tmp_path)]
    subprocess.run([sys.executable, str(SCRIPTS / "run.py"), *words], check=True)
    assert [path.name for path in tmp_path.iterdir()] == ["benchmarks.json"]


@pytest.mark.slow
def test_the_whole_command(tmp_path):
    words = ["--quick", "--only", "loaders,training,startup", "--output", str(tmp_path)]
    command = [sys.executable, str(SCRIPTS / "run.py"), *words]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    report = Report.load(tmp_path / "benchmarks.json")
    assert [group.name for group in report.groups] == ["loaders", "training", "startup"]
    assert text(report) in printed
    assert report.quick
    ran = {name for group in report.groups for part in group.parts for name in part.figures}
    assert set(peers_of(ran)).isdisjoint(report.missing)
    with Image.open(tmp_path / "benchmarks.png") as picture:
        assert picture.width > 1500


def test_an_unknown_script_is_misuse():
    command = [sys.executable, str(SCRIPTS / "run.py"), "--only", "loaders,cake"]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 2
    assert "['cake'] came: write some of ['loaders'," in done.stderr
