"""What the README shows runs as it is written."""

import re
import shlex
from pathlib import Path

import pytest

from functorch_course.cli.main import parser

README = (Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8")
PROGRAMS = re.findall(r"```python\n(.*?)```", README, re.DOTALL)

COMMANDS = re.findall(r"^functorch-course (.*)$", README, re.MULTILINE)


def test_both_commands_of_a_newcomer_stand_there():
    assert "\npip install . && functorch-course train\n" in README
    assert '\npip install -e ".[test]" && pytest\n' in README


@pytest.mark.parametrize("program", PROGRAMS, ids=["train", "graph"])
def test_a_program_runs(program, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    exec(compile(program, "README.md", "exec"), {})
    shown = capsys.readouterr().out
    assert "test accuracy" in shown or (tmp_path / "graph.png").stat().st_size > 10_000


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_has_these_options(command):
    assert parser().parse_args(shlex.split(command, comments=True)).command


def test_every_local_link_leads_somewhere():
    links = re.findall(r"\]\((?!http)([^)#]+)\)|src=\"([^\"]+)\"", README)
    for link in filter(None, (a or b for a, b in links)):
        assert (Path(__file__).parent.parent / link).exists(), link
