"""The report as text, JSON and picture; nobody is in it who did not run."""

import json
import re

import pytest
from PIL import Image

from harness import Group, Limit, Pair, Part, Report, text
from harness.chart import balanced, draw, height_of, limits_of, rows
from harness.machine import describe, versions
from harness.peers import peers_of
from harness.script import run

PAIRS = [Pair("ours", "torch, by sample", 4), Pair("ours", "Grain", 2), Pair("ours", "tf.data")]
FIGURES = {"ours": [8.0, 9.0, 7.0], "torch, by sample": [2.0, 3.0, 1.0], "plain NumPy": [9.0] * 3}


@pytest.fixture
def report():
    part = Part("in memory", "images", "a second", FIGURES, PAIRS, [Limit("ours", 7.5)])
    machine = {"processor": "A", "cores": 2, "busy": 0.1, "system": "Linux", "python": "3"}
    groups = [Group("loaders", "side by side", [part], 3.0)]
    return Report(groups, machine, {"jax": "1", "torch": "2"}, ["Grain", "tf.data"])


def test_a_pair_of_which_one_did_not_run_is_left_out(report, tmp_path):
    (part,) = report.groups[0].parts
    assert [ratio.theirs for ratio in part.ratios] == ["torch, by sample"]
    report.save(tmp_path / "r.json")
    written = json.loads((tmp_path / "r.json").read_text())
    assert written.pop("missing") == ["Grain", "tf.data"]
    assert not re.search(r"[Gg]rain|tf\.data", json.dumps(written))
    shown = text(report).replace("not installed, so not run: Grain, tf.data", "")
    assert not re.search(r"[Gg]rain|tf\.data", shown)


def test_versions_are_those_of_the_peers_that_ran():
    assert peers_of(["ours", "torch, torchvision", "Grain, many"]) == [
        "torch",
        "torchvision",
        "Grain",
    ]
    assert versions(["ours", "plain NumPy"]).keys() == {"functorch_course", "jax", "numpy"}


def test_the_json_has_its_fields(report, tmp_path):
    report.save(tmp_path / "folder" / "r.json")
    written = json.loads((tmp_path / "folder" / "r.json").read_text())
    assert written.keys() == {
        *("format", "groups", "machine", "versions", "missing", "quick"),
    }
    (group,) = written["groups"]
    assert group.keys() == {"name", "about", "parts", "seconds"}
    (part,) = group["parts"]
    assert part == {
        "name": "in memory",
        "about": "images",
        "unit": "a second",
        "less_is_better": False,
        "figures": FIGURES,
        "medians": {"ours": 8.0, "torch, by sample": 2.0, "plain NumPy": 9.0},
        "ratios": [
            {
                "ours": "ours",
                "theirs": "torch, by sample",
                "values": [4.0, 3.0, 7.0],
                "bar": 4,
                "median": 4.0,
                "least": 3.0,
                "greatest": 7.0,
                "met": True,
            }
        ],
        "limits": [{"contender": "ours", "at_most": 7.5, "met": False}],
    }


def test_a_report_survives_the_file(report, tmp_path):
    report.save(tmp_path / "a.json")
    loaded = Report.load(tmp_path / "a.json")
    loaded.save(tmp_path / "b.json")
    assert (tmp_path / "a.json").read_text() == (tmp_path / "b.json").read_text()
    assert text(loaded) == text(report)
    (tmp_path / "c.json").write_text('{"format": "other"}')
    with pytest.raises(SystemExit, match="is no report of these benchmarks"):
        Report.load(tmp_path / "c.json")


def test_reports_are_put_together(report):
    other = Report([Group("memory", "", [])], report.machine, {"jax": "1", "numpy": "3"})
    both = Report.together([report, other])
    assert [group.name for group in both.groups] == ["loaders", "memory"]
    assert both.versions == {"jax": "1", "torch": "2", "numpy": "3"}


def test_the_text_says_it_all(report):
    lines = text(report).splitlines()
    assert lines[0] == "A, 2 cores, load 0.1, Linux, Python 3"
    assert lines[1] == "jax 1, torch 2"
    (ratio,) = (line for line in lines if " : " in line)
    assert ratio.split("torch, by sample")[1].split() == (
        ["4", "x", "(3", "to", "7", "in", "3)", "at", "least", "4:", "met"]
    )
    (limited,) = (line for line in lines if "at most" in line)
    assert limited.split() == ["ours", "8", "a", "second", "at", "most", "7.5:", "MISSED"]


def test_the_picture_shows_every_ratio(report, tmp_path):
    (row,) = rows(report.groups[0])
    assert row.label == "in memory : torch, by sample"
    draw(report, tmp_path / "folder" / "c.png")
    with Image.open(tmp_path / "folder" / "c.png") as image:
        colors = {color for _, color in image.convert("RGB").getcolors(1 << 24)}
    assert (0x1A, 0x7F, 0x37) in colors  # the bar was met
    assert (0xCF, 0x22, 0x2E) in colors  # in the key


def test_panels_stand_in_order_and_are_balanced(report):
    (row,) = rows(report.groups[0])
    panels = [(str(count), [row] * count) for count in (5, 9, 3, 4)]
    left, right = balanced(panels)
    assert [*left, *right] == panels
    assert len(left) == 2
    assert height_of(left) > height_of(right)
    assert balanced(panels[:1]) == (panels[:1], [])
    assert limits_of([row.ratio]) == (3 / 1.3, 7 * 1.3)


def test_a_script_measures_what_is_asked():
    parts = {"a": lambda: [Part("a", "", "", {"ours": [1.0]})], "b": lambda: 1 / 0}
    report = run("s", "about", parts, ["a"])
    assert [part.name for part in report.groups[0].parts] == ["a"]
    assert report.machine.keys() == describe().keys()
    with pytest.raises(SystemExit, match=r"s has no part \['c'\]: write some of \['a', 'b'\]"):
        run("s", "about", parts, ["c"])
