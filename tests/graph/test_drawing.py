"""The graph as text, SVG and PNG."""

import xml.etree.ElementTree as ET
from itertools import pairwise

import jax.numpy as jnp
import pytest
from PIL import Image

from functorch_course.errors import InvalidValueError
from functorch_course.graph import graph
from functorch_course.graph.layout import arrange

SVG = "{http://www.w3.org/2000/svg}"


def deep(x):
    for _ in range(30):
        x = jnp.sin(x) * x + jnp.cos(x)
    return x


def words(g, **options):
    return [each.text for each in ET.fromstring(g.svg(**options)).iter(f"{SVG}text")]


def test_text():
    g = graph(lambda u, v: u * v + u**2)(1.0, 2.0)
    assert str(g) == (
        "f(u, v) = 3\n"
        "\n"
        "   forward     PyTorch         shape  value  gradient  saved\n"
        "u  u           AccumulateGrad  ()     1      4\n"
        "v  v           AccumulateGrad  ()     2      1\n"
        "1  mul(u, v)   MulBackward0    ()     2      1         self=1, other=2\n"
        "2  power 2(u)  PowBackward0    ()     1      1         self=1, exponent=2\n"
        "3  add(1, 2)   AddBackward0    ()     3      1\n"
        "\n"
        "backward\n"
        "AddBackward0\n"
        "├─ MulBackward0\n"
        "│  ├─ AccumulateGrad u\n"
        "│  └─ AccumulateGrad v\n"
        "└─ PowBackward0\n"
        "   └─ AccumulateGrad u"
    )


def test_long_texts_are_shortened():
    lines = str(graph(deep)(0.3)).splitlines()
    assert "… and 61 more" in lines
    assert any(line.endswith("└─ …") for line in lines)
    assert any("(see above:" in line for line in lines)
    assert len(lines) < 150


def test_svg_is_well_formed_and_says_everything():
    found = words(graph(lambda a, b: jnp.exp(a * b))(2.0, 3.0))
    assert {"f(a, b)", "= 403.429", "mul", "MulBackward0", "1210.29", "backward: gradients"} <= set(
        found
    )


def test_names_are_escaped():
    g = graph(lambda p: p["<w>"] * 2)({"<w>": 1.0})
    assert "p.<w>" in words(g)


def test_without_gradients_there_is_no_way_back():
    found = words(graph(lambda x: x**2)(jnp.ones(3)))
    assert "forward: values" in found
    assert "backward: gradients" not in found
    assert "grad" not in found


def test_large_graphs_are_folded():
    g = graph(deep)(0.3)
    found = words(g, most=12)
    assert "… and 109 more" in found
    assert sum(word.endswith("Backward0") for word in found) == 12


def test_a_notebook_shows_the_svg():
    g = graph(lambda x: x**2)(2.0)
    assert g._repr_svg_() == g.svg()


def test_files(tmp_path):
    g = graph(lambda a, b: jnp.exp(a * b))(2.0, 3.0)
    assert g.save(tmp_path / "new" / "g.svg").read_text("utf-8") == g.svg()
    assert g.save(tmp_path / "g.txt").read_text("utf-8") == f"{g}\n"
    with Image.open(g.save(tmp_path / "g.png", scale=1)) as image:
        colors = {color for _, color in image.getcolors(100_000)}
        assert (0xFB, 0xFB, 0xFD) in colors  # paper
        assert (0x1F, 0x9D, 0x74) in colors  # an input
        assert (0xE8, 0x71, 0x0A) in colors  # the way back
    with pytest.raises(InvalidValueError, match=r"as 'g.pdf': end it in .svg, .png or .txt"):
        g.save(tmp_path / "g.pdf")


@pytest.mark.parametrize("most", [5, 40, 500])
def test_cards_never_overlap_and_edges_lead_down(most):
    g = graph(deep)(0.3)
    layout = arrange(g.nodes, g.outputs, most)
    for row in layout.rows:
        for left, right in pairwise(row):
            assert left.x + left.width / 2 < right.x - right.width / 2
    for route in layout.routes:
        assert [box.layer for box in route] == list(range(route[0].layer, route[-1].layer + 1))
