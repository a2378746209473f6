"""``functorch-course translate``: what it prints, what it writes, and how it ends."""

import ast
import json
import re
import subprocess
import sys

import pytest

from functorch_course.cli import main

SCRIPT = "import torch\nx = torch.ones(2, 3)\nopen('touched', 'w')\nx.backward()\n"


@pytest.fixture
def script(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "train.py").write_text(SCRIPT)
    return tmp_path / "train.py"


def test_a_line_is_answered_with_its_lesson(capsys):
    assert main(["translate", "x[0] = 1"]) == 0
    shown = capsys.readouterr().out.splitlines()
    assert shown[:2] == ["PyTorch  x[0] = 1", "here     x = x.at[0].set(1)"]
    assert shown[-1] == "lesson   02_vectors.py, row T060"


def test_a_script_is_annotated_and_not_run(script, capsys):
    assert main(["translate", "--file", "train.py", "--write", "ours.py"]) == 0
    shown = capsys.readouterr().out
    assert "> x = fc.tensor.ones(2, 3)" in shown
    assert "! `fc.autograd.grad(f)(x)`" in shown
    assert "4 statements: 1 stay, 1 to write anew, 1 not needed, 1 explained, 0 unknown" in shown
    assert shown.endswith("imports to write:\n  import functorch_course as fc\n")
    assert not script.with_name("touched").exists()
    ast.parse(script.with_name("ours.py").read_text())


def test_json_holds_everything(script, capsys):
    assert main(["translate", "--file", "train.py", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["summary"]["explain"] == 1
    assert main(["translate", "x.numel()", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["here"] == "fc.tensor.numel(x)"


def test_an_unknown_name_ends_with_one(script, capsys):
    script.write_text("import torch\ntorch.sigmod(1)\n")
    for words in (["torch.sigmod(x)"], ["--file", "train.py"]):
        with pytest.raises(SystemExit) as exit_:
            main(["translate", *words])
        assert exit_.value.code == 1
        assert "did you mean torch.sigmoid" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "one line or one --file is needed: write `functorch-course translate"),
        (["x", "--file", "train.py"], "one line or one --file is needed"),
        (["x", "--write", "ours.py"], "--write needs a script: write --file train.py"),
        (["--file", "train.py", "--write", "train.py"], "train.py exists already"),
        (["--file", "no.py"], "no.py: No such file or directory: write the path"),
        (["--file", "bad.py"], "bad.py, line 2: "),
        (["--file", "latin.py"], "latin.py: .*: write a text file in UTF-8"),
    ],
)
def test_misuse_is_one_line_and_two(words, message, script, capsys):
    script.with_name("bad.py").write_text("x = 1\ny = = 2\n")
    script.with_name("latin.py").write_bytes(b"x = '\xff'\n")
    assert main(["translate", *words]) == 2
    error = capsys.readouterr().err
    assert error.count("\n") == 1
    assert re.search(message, error)


def test_it_loads_neither_torch_nor_jax():
    code = (
        "import sys; from functorch_course.cli import main; main(['translate', 'x.view(-1)'])\n"
        "print(*(m for m in ('jax', 'torch', 'numpy') if m in sys.modules))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines()[-1] == ""
