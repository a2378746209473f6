"""What the guides show runs as it is written, each guide as one program."""

import re
from pathlib import Path

import pytest

GUIDES = sorted((Path(__file__).parent.parent / "docs" / "guides").glob("*.md"))
CODE = re.compile(r"^~~~~python\n(.*?)^~~~~", re.DOTALL | re.MULTILINE)


def program(guide):
    """The code of a guide, its lines numbered as in the file."""
    text = guide.read_text(encoding="utf-8")
    lines = [""] * text.count("\n")
    for block in CODE.finditer(text):
        first = text[: block.start(1)].count("\n")
        code = block[1].splitlines()
        lines[first : first + len(code)] = code
    return "\n".join(lines)


@pytest.mark.parametrize("guide", GUIDES, ids=[guide.stem for guide in GUIDES])
def test_a_guide_runs(guide, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = program(guide)
    assert "import functorch_course as fc" in code
    exec(compile(code, str(guide), "exec"), {"__name__": guide.stem})


def test_all_code_of_the_guides_is_marked_so_that_it_is_run():
    for guide in GUIDES:
        kinds = set(re.findall(r"^~~~~(\w+)$", guide.read_text(encoding="utf-8"), re.MULTILINE))
        assert kinds <= {"python", "bash"}, guide
        assert "```" not in guide.read_text(encoding="utf-8")


def test_a_false_statement_is_seen(tmp_path):
    guide = tmp_path / "guide.md"
    guide.write_text("# Title\n\n~~~~python\nassert 1 == 2\n~~~~\n")
    with pytest.raises(AssertionError):
        exec(program(guide), {})
