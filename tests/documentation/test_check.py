"""The checker of the site finds what is broken, and nothing else."""

import pytest

from docsite.check import faults, find_chromium, too_wide

GOOD = '<a href="../">up</a><a href="#here">here</a><p id="here"></p><img src="a%20b.png">'


@pytest.fixture
def site(tmp_path):
    (tmp_path / "page").mkdir()
    (tmp_path / "index.html").write_text(
        '<a href="page/#here">in</a><a href="https://x.org">out</a>'
    )
    (tmp_path / "page" / "index.html").write_text(GOOD)
    (tmp_path / "page" / "a b.png").write_bytes(b"")
    return tmp_path


def test_a_whole_site_has_no_fault(site):
    assert list(faults(site)) == []


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ('<a href="no/">', "index.html: no/: there is no such file"),
        ('<a href="page/#no">', "index.html: page/#no: there is no such anchor"),
        ('<a href="#no">', "index.html: #no: there is no such anchor"),
        ('<img src="no.png">', "index.html: no.png: there is no such file"),
        (
            '<script src="https://x.org/a.js"></script>',
            "https://x.org/a.js: it is loaded from else",
        ),
        ('<link rel="stylesheet" href="//x.org/a.css">', "//x.org/a.css: it is loaded from else"),
    ],
)
def test_a_fault_is_found(site, broken, fault):
    (site / "index.html").write_text(broken)
    (found,) = faults(site)
    assert fault in found


def test_a_style_that_loads_from_elsewhere_is_found(site):
    (site / "a.css").write_text("@font-face { src: url(https://x.org/f.woff) }")
    assert list(faults(site)) == ["a.css: https://x.org/f.woff: it is loaded from elsewhere"]


@pytest.mark.slow
@pytest.mark.skipif(find_chromium() is None, reason="no Chromium is installed")
def test_a_page_that_is_too_wide_is_measured(site):
    (site / "page" / "index.html").write_text('<div style="width: 700px">wide</div>')
    (found,) = too_wide(site, 390, find_chromium())
    assert found.startswith("page/index.html: 7")
    assert too_wide(site, 1280, find_chromium()) == []
