"""The program as a whole."""

import os
import re
import subprocess
import sys

import pytest

from functorch_course.cli import main


def test_help_imports_nothing_heavy():
    code = (
        "import sys; from functorch_course.cli import main\n"
        "try: main(['train', '--help'])\n"
        "except SystemExit as exit: print('exit', exit.code)\n"
        "print(*(m for m in ('jax', 'numpy', 'rich', 'matplotlib') if m in sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "--learning-rate" in run.stdout
    assert run.stdout.splitlines()[-2:] == ["exit 0", ""]


def test_the_devices_are_listed(capsys):
    assert main(["devices"]) == 0
    assert re.search(r"^cpu:0 \(", capsys.readouterr().out, re.MULTILINE)


def test_output_that_nobody_reads_ends_the_program_without_a_word():
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "functorch_course.cli", "data", "info", "fashion-mnist-sample"]
    run = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, text=True)
    os.close(write)
    assert (run.returncode, run.stderr) == (141, "")


@pytest.mark.parametrize("words", [[], ["fly"]])
def test_a_wrong_command_is_one_line(words, capsys):
    with pytest.raises(SystemExit) as exit_:
        main(words)
    assert exit_.value.code == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("functorch-course: ")


def test_the_version_is_the_package_s(capsys):
    from importlib.metadata import version

    with pytest.raises(SystemExit):
        main(["--version"])
    assert capsys.readouterr().out.strip() == version("functorch_course")
