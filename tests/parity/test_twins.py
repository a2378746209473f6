"""Every experiment and its twin in plain PyTorch, run from the same command line."""

import ast
import os
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import functorch_course as fc

SCRIPTS = Path(__file__).parents[2] / "scripts"
SAMPLE = Path(fc.datasets.LESSON_IMAGES).parent
BUDGETS = {
    "softmax_fashion_mnist": ["--root", SAMPLE, "--epochs", 2],
    "learning_rates": ["--rates", 0.001, 0.1, "--epochs", 3],
    "batch_sizes": ["--sizes", 1, 20, 200, "--epochs", 2],
    "data_parallel": ["--processes", 2],
}
GLOO = re.compile(r"^\[Gloo\]|peer ranks")  # its processes talk at once, into each other's lines
EPOCHS = {"softmax_fashion_mnist": 2, "learning_rates": 3, "batch_sizes": 2, "data_parallel": 3}


def names(folder):
    return {path.stem for path in (SCRIPTS / folder).glob("*.py")}


def run_pair(name, folder):
    """Run both at the same time; return the trace and the output of each, ours first."""
    words = [*map(str, BUDGETS[name]), "--seed", "6", "--trace"]
    environment = os.environ | {"OMP_NUM_THREADS": "1"}
    children = []
    for side in ("experiments", "pytorch"):
        script, trace = SCRIPTS / side / f"{name}.py", folder / f"{side}.npz"
        command = [sys.executable, script, *words, trace]
        child = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        children.append((child, trace))
    results = []
    for child, trace in children:
        printed, _ = child.communicate()
        assert child.returncode == 0
        lines = [line for line in printed.splitlines() if not GLOO.search(line)]
        with np.load(trace) as file:
            results.append((dict(file), lines))
    return results


def test_every_experiment_has_a_twin_and_a_budget():
    assert names("experiments") == names("pytorch") == BUDGETS.keys()


@pytest.mark.parametrize("name", BUDGETS)
def test_the_twin_imports_nothing_of_ours(name):
    tree = ast.parse((SCRIPTS / "pytorch" / f"{name}.py").read_text())
    modules = {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}
    modules |= {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    third_party = {module.split(".")[0] for module in modules} - sys.stdlib_module_names
    assert third_party <= {"numpy", "torch"}


PAIRS = [
    "learning_rates",
    pytest.param("batch_sizes", marks=pytest.mark.slow),
    # Of this pair, the fast suite runs the twin beside the main job.
    pytest.param("softmax_fashion_mnist", marks=pytest.mark.slow),
    pytest.param("data_parallel", marks=pytest.mark.slow),
]


@pytest.mark.parametrize("name", PAIRS)
def test_a_pair_computes_the_same(name, tmp_path):
    (ours, ours_printed), (theirs, theirs_printed) = run_pair(name, tmp_path)
    assert ours.keys() == theirs.keys()
    assert len(ours_printed) == len(theirs_printed) > 1
    for key, value in ours.items():
        other = theirs[key]
        if key == "batches" or key.startswith("start."):
            assert value.tobytes() == other.tobytes()
        elif key == "accuracies":
            assert np.abs(value - other).max() <= 2 / 1000 + 1e-9
        elif key == "weights" or key.startswith("end."):
            np.testing.assert_allclose(value, other, rtol=1e-3, atol=1e-5)
        elif (name, key) == ("batch_sizes", "1"):
            # One sample's loss is the square of a residual, which may be as small as its rounding.
            np.testing.assert_allclose(np.sqrt(value), np.sqrt(other), rtol=1e-5, atol=2e-6)
        else:
            first = len(value) // EPOCHS[name]
            np.testing.assert_allclose(value[:first], other[:first], rtol=1e-5, err_msg=key)
            np.testing.assert_allclose(value, other, rtol=2e-4, err_msg=key)
