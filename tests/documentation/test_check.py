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
        ('<link rel="shortcut icon" href="//x.org/i.png">', "//x.org/i.png: it is loaded from els"),
        ('<img srcset="page/a%20b.png 1x,//x.org/a.png 2x">', "//x.org/a.png: it is loaded from"),
        ('<img srcset="page/a%20b.png, no.png 2x">', "no.png: there is no such file"),
        ('<video poster="//x.org/a.png"></video>', "//x.org/a.png: it is loaded from elsewhere"),
        ('<p style="background: url(//x.org/a.png)">', "//x.org/a.png: it is loaded from else"),
        ("<style>@import '//x.org/a.css';</style>", "//x.org/a.css: it is loaded from elsewhere"),
    ],
)
def test_a_fault_is_found(site, broken, fault):
    (site / "index.html").write_text(broken)
    (found,) = faults(site)
    assert fault in found


@pytest.mark.parametrize("address", ["https://x.org/f", "http://x.org/f", "//x.org/f"])
@pytest.mark.parametrize(
    "style",
    [
        "@font-face {{ src: url({}) }}",
        "@font-face {{ src: url( '{}' ) }}",
        '@font-face {{ src: URL("{}") }}',
        "@import '{}';",
        '@import"{}" screen;',
        "@import url({});",
    ],
)
def test_a_style_that_loads_from_elsewhere_is_found(style, address, site):
    (site / "a.css").write_text(style.format(address))
    assert list(faults(site)) == [f"a.css: {address}: it is loaded from elsewhere"]


@pytest.mark.parametrize(
    "text", ["<code>url(//x.org/a.png)</code>", '<link rel="canonical" href="https://x.org">']
)
def test_what_is_not_loaded_is_no_fault(text, site):
    (site / "index.html").write_text(text)
    (site / "a.css").write_text("a { background: url('data:image/svg+xml,//x') url(../b.png) }")
    assert list(faults(site)) == []


@pytest.mark.slow
@pytest.mark.skipif(find_chromium() is None, reason="no Chromium is installed")
def test_a_page_that_is_too_wide_is_measured(site):
    (site / "page" / "index.html").write_text('<div style="width: 700px">wide</div>')
    (found,) = too_wide(site, 390, find_chromium())
    assert found.startswith("page/index.html: 7")
    assert too_wide(site, 1280, find_chromium()) == []
