"""What the pages of the site are made of."""

import inspect
import json
import re
from pathlib import Path

import pytest

import functorch_course as fc
from docsite import dictionary, readme, reference
from docsite.docstrings import in_markdown
from docsite.names import definition, public_names
from functorch_course.translate import dictionary as rows


def test_the_public_names_are_those_that_can_be_reached():
    names = set(public_names())
    for name in names:
        value = fc
        for part in name.split(".")[1:]:
            value = getattr(value, part)
    for part in ("tensor", "nn", "optim", "data", "transforms", "training"):
        for name, value in vars(getattr(fc, part)).items():
            ours = getattr(value, "__module__", "").startswith("functorch_course")
            if callable(value) and ours and not name.startswith("_"):
                assert f"functorch_course.{part}.{name}" in names
    assert {"functorch_course.errors.one_of", "functorch_course.nn.init.uniform"} <= names
    assert not any(inspect.ismodule(name) for name in names)


def test_a_name_like_its_file_s_is_found_where_it_is_defined():
    assert definition("functorch_course.data.collate") == "functorch_course.data.collate.collate"
    assert definition("functorch_course.nn.Linear") == "functorch_course.nn.Linear"
    assert definition("functorch_course.translate.dictionary").endswith("translate.dictionary")
    assert definition("functorch_course.errors.one_of") == "functorch_course.errors.one_of"


def test_a_name_that_the_reference_lacks_is_listed():
    anchors = {definition(name) for name in public_names()}
    assert reference.missing(anchors) == []
    assert reference.missing(anchors - {"functorch_course.nn.Linear"}) == [
        "functorch_course.nn.Linear"
    ]


def test_the_dictionary_page_has_every_row():
    page = dictionary.page({"02_vectors"})
    assert page.count("<tr>") == len(rows()) + len({row.topic for row in rows()})
    assert "<code>x.view(*shape)</code>" in page
    assert '<a href="../lessons/02_vectors/">T062</a>' in page
    assert "03_matrices" not in page  # there is no such lesson to link to
    assert "`" not in page[page.index("<table") :]  # above it is Markdown
    assert "<small>not known here: <code>size_average</code>" in page


def test_code_is_escaped():
    assert dictionary.in_html("`a < b` & c") == "<code>a &lt; b</code> &amp; c"


def test_the_home_page_is_the_readme_with_the_site_s_links():
    page = readme.page("README.md")
    assert "docs/images/" not in page
    assert "](contributing.md)" in page
    assert all(
        (readme.ROOT / "docs" / p).exists() for p in re.findall(r"\]\((images/[^)]+)\)", page)
    )


def test_the_benchmarks_come_from_the_readme_or_from_a_report(monkeypatch, tmp_path):
    monkeypatch.setattr(readme, "FIGURES", tmp_path / "benchmarks.json")
    assert "| what | times as fast as |" in readme.benchmarks()
    ratio = {"ours": "here", "theirs": "there", "bar": 3, "median": 4, "least": 2.5, "greatest": 5}
    medians = {"here": 1.25, "there": 2000.0}
    part = {"name": "p", "about": "q", "unit": "ms", "medians": medians, "ratios": [ratio]}
    report = {
        "machine": {"processor": "M", "cores": 2, "python": "3.12"},
        "versions": {"jax": "1"},
        "groups": [{"name": "training", "about": "an epoch", "parts": [part]}],
    }
    readme.FIGURES.write_text(json.dumps(report))
    page = readme.benchmarks()
    assert "On M, 2 cores, Python 3.12." in page
    assert "| there | 2,000 |" in page
    assert "| here : there | 4 | 2.5 to 5 | 3 |" in page


def test_a_readme_without_the_table_is_refused(monkeypatch, tmp_path):
    monkeypatch.setattr(readme, "FIGURES", tmp_path / "no.json")
    monkeypatch.setattr(readme, "ROOT", tmp_path)
    Path(tmp_path, "README.md").write_text("# Title\n")
    with pytest.raises(ValueError, match="no section `### Speed`"):
        readme.benchmarks()


def test_docstrings_become_markdown():
    text = "One.\n\n.. math:: a\n   b\n\nSee :func:`f`, :math:`x^2`.\n\n"
    text += "Example:\n    >>> 1\n\nPyTorch: no."
    assert in_markdown(text) == (
        "One.\n\n$$\na b\n$$\n\nSee `f`, $x^2$.\n\nExamples:\n    >>> 1\n\n**PyTorch:** no."
    )


def test_formulas_become_mathml():
    pytest.importorskip("latex2mathml")
    from docsite.formulas import in_mathml

    page = in_mathml(r'<span class="arithmatex">\(a &lt; b\)</span>')
    assert "<math" in page
    assert "arithmatex" not in page
    assert ">arg<" in in_mathml(r'<span class="arithmatex">\(\arg\max_k x\)</span>')
    with pytest.raises(ValueError, match="has a command that is not known"):
        in_mathml(r'<span class="arithmatex">\(\nosuchthing x\)</span>')
    assert 'display="block"' in in_mathml(r'<div class="arithmatex">\[x^2\]</div>')
