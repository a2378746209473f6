"""Without torch the package can be imported, and says how to install it when it is used."""

import subprocess
import sys

BLOCKED = """
import sys
sys.modules["torch"] = None  # an import of it now raises ModuleNotFoundError
import numpy as np
import functorch_course as fc
from functorch_course.cli import main
fc.compare.Report
"""
HOW = 'pip install "functorch_course[compare]"'


def python(code: str) -> subprocess.CompletedProcess:
    command = [sys.executable, "-c", BLOCKED + code]
    return subprocess.run(command, capture_output=True, text=True, check=False)


USES = [
    "function(np.sin, np.sin, np.float32([1]))",
    "module(fc.nn.Linear(2, 1), None, np.ones((3, 2), np.float32))",
    "loader([], [])",
    "training('line')",
    "record_torch(None, [], None, None, 1)",
]


def test_what_needs_torch_says_how_to_install_it():
    calls = "\n".join(
        f"try: fc.compare.{use}\nexcept fc.errors.CourseError as e: print(e)" for use in USES
    )
    run = python(calls)
    line = f"comparing needs torch, which is not installed: {HOW}"
    assert run.stdout.splitlines() == [line] * len(USES), run.stderr


def test_the_command_says_so_too_and_exits_with_2():
    run = python("sys.exit(main(['compare', '--recipe', 'line']))")
    assert run.returncode == 2
    assert run.stderr.splitlines() == [
        f"functorch-course compare: comparing needs torch, which is not installed: {HOW}"
    ]


def test_traces_are_recorded_and_compared_without_torch(tmp_path):
    code = f"""
x = np.float32([[1.0], [2.0]])
model = fc.nn.LinearRegression(1)
trace = fc.compare.record(model, [(x, x)], fc.nn.mse_loss, fc.optim.SGD(lr=0.1), epochs=2)
trace.save({str(tmp_path / "a.npz")!r})
sys.exit(main(["compare"] + [{str(tmp_path / "a.npz")!r}] * 2))
"""
    run = python(code)
    assert run.returncode == 0, run.stderr
    assert "equal within the tolerance" in run.stdout


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from functorch_course.cli import main\n"
        "try: main(['compare', '--help'])\n"
        "except SystemExit as exit: print('exit', exit.code)\n"
        "print(*(m for m in ('jax', 'numpy', 'rich', 'torch') if m in sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "--recipe" in run.stdout
    assert run.stdout.splitlines()[-2:] == ["exit 0", ""]
