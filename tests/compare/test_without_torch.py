"""Without torch the package can be imported, and says how to install it when it is used."""

import subprocess
import sys

import pytest

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


@pytest.mark.parametrize("use", ["function(np.sin, np.sin, np.float32([1]))"])
def test_what_needs_torch_says_how_to_install_it(use):
    run = python(f"try: fc.compare.{use}\nexcept fc.errors.CourseError as e: print(e)")
    assert run.stdout == f"comparing needs torch, which is not installed: {HOW}\n", run.stderr
