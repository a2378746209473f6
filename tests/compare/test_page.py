"""The page, the JSON and the charts; the page is looked at in a real browser where there is one."""

import html
import json
import re
import shutil
import subprocess
import xml.etree.ElementTree as ElementTree
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

import functorch_course as fc
from functorch_course.compare import Timing
from functorch_course.compare.page import page
from functorch_course.compare.svg import Line, chart

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser")
QUIET = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
X = np.linspace(-1, 1, 30, dtype=np.float32)[:, None]


def run(rate):
    model = fc.nn.LinearRegression(1, generator=fc.Generator(0))
    loader = [(X[:10], 2 * X[:10]), (X[10:], 2 * X[10:])]
    return fc.compare.record(model, loader, fc.nn.mse_loss, fc.optim.SGD(lr=rate), epochs=5)


@pytest.fixture(scope="module")
def same():
    comparison = fc.compare.traces(run(0.1), run(0.1), "the same <twice> & again")
    return replace(comparison, timing=Timing(0.002, 0.006, (2.0, 3.0, 4.0), 1))


@pytest.fixture(scope="module")
def different():
    return fc.compare.traces(run(0.1), run(0.2), "two rates")


def test_the_page_needs_no_other_file(same, different):
    for comparison in (same, different):
        text = page(comparison)
        assert not re.search(r"(?:src|href)=|https?://|@import|url\(|<script", text)
        body = text.replace("<!doctype html>", "").replace('<meta charset="utf-8">', "")
        ElementTree.fromstring(body)  # every element is closed, every text escaped


def test_the_page_says_what_the_table_says(same, different):
    assert "the same &lt;twice&gt; &amp; again" in page(same)
    assert "equal within the tolerance" in page(same)
    assert "3.0 times as long there (2.0 to 4.0 in 3 pairs)" in page(same)
    assert "They part at step 0 (epoch 1) in the update" in page(different)
    assert page(different).count('class="mark"') == 2
    assert 'class="mark"' not in page(same)
    for check in different.checks:
        assert check.name in page(different)


def test_the_json_holds_the_numbers(different, tmp_path):
    fc.compare.to_json(different, tmp_path / "c.json")
    content = json.loads((tmp_path / "c.json").read_text())
    assert content["equal"] is False
    assert content["parting"]["quantity"] == "update"
    assert content["losses"][0] == different.ours.losses.tolist()
    assert content["environment"]["numpy"] == np.__version__
    assert content["accuracies"][0] == [None] * 5


def test_the_summary_and_the_table(same, different):
    assert fc.compare.summary(same).splitlines()[1].startswith("An epoch took 2.0 ms here, 6.0 ms")
    assert "Cause: look at the optimizer" in fc.compare.summary(different)
    assert fc.compare.table(different).row_count == len(different.checks)


def points(svg):
    (text,) = re.findall(r'points="([^"]*)"', svg)
    return [tuple(map(float, pair.split(","))) for pair in text.split()]


def test_a_line_goes_down_where_values_go_down():
    (x0, y0), (x1, y1) = points(chart([Line("a", "#000", np.array([2.0, 1.0]))], label="loss"))
    assert x0 < x1
    assert y0 < y1


def test_the_axes_have_round_numbers():
    svg = chart([Line("a", "#000", np.linspace(0.217, 2.4, 938))], label="loss")
    names = re.findall(r'<text x="64"[^>]*>([^<]*)<', svg)
    assert names == ["0.5", "1", "1.5", "2", "2.5"]
    assert re.findall(r'text-anchor="middle">(\d+)<', svg) == ["0", "200", "400", "600", "800"]


def test_what_cannot_be_drawn_is_left_out():
    values = np.array([1.0, 0.0, np.nan, np.inf, -1.0, 10.0])
    assert len(points(chart([Line("a", "#000", values)], label="x", logarithmic=True))) == 2
    assert len(points(chart([Line("a", "#000", values)], label="x"))) == 4
    assert points(chart([Line("a", "#000", np.zeros(3))], label="x", logarithmic=True)) == []


def test_a_long_line_keeps_its_extremes():
    values = np.sin(np.arange(20_000) / 50)
    values[12_345] = 3.0
    drawn = points(chart([Line("a", "#000", values)], label="x"))
    assert len(drawn) < 1300
    assert min(y for _, y in drawn) == min(y for x, y in drawn if 500 < x < 600)


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here to look at the page with")
def test_a_browser_shows_the_page(different, tmp_path):
    fc.compare.to_html(different, tmp_path / "page.html")
    picture = tmp_path / "page.png"
    command = [BROWSER, *QUIET, "--enable-logging=stderr", f"--user-data-dir={tmp_path / 'user'}"]
    command += ["--window-size=900,1400", f"--screenshot={picture}", str(tmp_path / "page.html")]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert not re.search(r"CONSOLE", shown.stderr), shown.stderr
    with Image.open(picture) as image:
        colors = {
            tuple(pixel)
            for pixel in np.unique(np.asarray(image.convert("RGB")).reshape(-1, 3), axis=0)
        }
    for color in ((0x0B, 0x62, 0xC4), (0xE8, 0x71, 0x0A), (0xC5, 0x22, 0x1F)):
        assert color in colors


PROBE = """
<iframe id="page" style="border:0;height:900px;width:%dpx" srcdoc="%s"></iframe>
<pre id="found"></pre>
<script>addEventListener("load", () => {
  const { contentDocument: page, contentWindow: inside } = document.getElementById("page");
  const fixed = [...page.querySelectorAll("h1, h2, p, table, .chart")];
  document.getElementById("found").textContent = JSON.stringify({
    width: inside.innerWidth,
    content: page.documentElement.scrollWidth,
    widest: Math.max(...fixed.map(element => element.getBoundingClientRect().right)),
    drawn: page.querySelector("svg").getBoundingClientRect().width,
  });
})</script>
"""
ALONE = """<meta http-equiv="Content-Security-Policy"
                 content="default-src 'none'; style-src 'unsafe-inline'"/>"""


def probed(text, width, folder):
    """What a browser says of a page in a window of some width, and what it would have loaded."""
    closed = text.replace("<head>", f"<head>{ALONE}")
    (folder / "probe.html").write_text(PROBE % (width, html.escape(closed)), encoding="utf-8")
    command = [BROWSER, *QUIET, f"--user-data-dir={folder / 'user'}", "--window-size=1200,1000"]
    command += ["--enable-logging=stderr", "--dump-dom", str(folder / "probe.html")]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    found = json.loads(re.search(r'<pre id="found">(.*?)</pre>', shown.stdout)[1])
    return found | {"refused": re.findall(r"CONSOLE.*Content Security Policy", shown.stderr)}


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here to look at the page with")
@pytest.mark.parametrize("width", [360, 1100])
def test_nothing_is_wider_than_the_window_and_nothing_is_loaded(same, width, tmp_path):
    found = probed(page(same), width, tmp_path)
    assert found["width"] == width
    assert found["content"] <= width
    assert found["widest"] <= width
    assert found["drawn"] >= 640  # small windows scroll a chart, they do not shrink its letters
    assert found["refused"] == []


@pytest.mark.skipif(BROWSER is None, reason="no Chromium here to look at the page with")
def test_what_is_too_wide_or_loaded_would_be_seen(same, tmp_path):
    Image.new("RGB", (4, 4)).save(tmp_path / "other.png")
    broken = '<img src="other.png"/><p style="width: 2000px">wide</p></body>'
    found = probed(page(same).replace("</body>", broken), 360, tmp_path)
    assert found["content"] >= 2000
    (refused,) = found["refused"]
    assert "other.png" in refused
