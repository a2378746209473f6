"""Pictures of lessons: what stands in them is what they were given."""

import numpy as np
import pytest
from matplotlib.colors import to_hex
from PIL import Image

from functorch_course import plot
from functorch_course.errors import InvalidValueError
from functorch_course.plot.picture import GREEN, ORANGE

X = np.linspace(-1.0, 3.0, 41)


@pytest.fixture
def figure(monkeypatch):
    """A function that calls one of ``plot`` and returns the figure instead of writing it."""

    def drawn(function, *args, **kwargs):
        seen = []
        monkeypatch.setattr(f"{function.__module__}.save", lambda figure, path: seen.append(figure))
        function(*args, "unused.png", **kwargs)
        return seen[0]

    return drawn


def texts(axes):
    return [text.get_text() for text in axes.texts]


def test_a_picture_is_a_png_that_a_notebook_shows(tmp_path):
    path = tmp_path / "new folder" / "a.png"
    picture = plot.lines(X, {"x": X}, path)
    assert picture == plot.Picture(path)
    assert repr(picture) == f"Picture({str(path)!r})"
    assert picture._repr_png_() == path.read_bytes()
    with Image.open(path) as image:
        assert (image.format, image.size) == ("PNG", (840, 480))


def test_lines_have_their_names_and_values(figure):
    (axes,) = figure(plot.lines, X, {"x": X, "x²": X**2}, log=True, title="T", ylabel="y").axes
    assert [line.get_label() for line in axes.lines] == ["x", "x²"]
    np.testing.assert_array_equal(axes.lines[1].get_ydata(), X**2)
    assert (axes.get_yscale(), axes.get_title(), axes.get_ylabel()) == ("log", "T", "y")


@pytest.mark.parametrize("at", [2.0, 2.02])
def test_a_tangent_touches_and_has_the_slope(at, figure):
    above, below = figure(plot.tangent, X, X**2, 2 * X, at, name="x^2").axes
    tangent = above.lines[1]
    np.testing.assert_allclose(tangent.get_ydata(), 4 + 4 * (X - 2))
    assert tangent.get_label() == "tangent at 2, slope 4"
    np.testing.assert_array_equal(below.lines[0].get_ydata(), 2 * X)
    assert texts(above) == texts(below) == ["(2, 4)"]


def test_descent_shows_every_way_on_contours_of_equal_factor(figure):
    w, b = np.linspace(-2, 2, 9), np.linspace(-1, 1, 7)
    loss = w**2 + b[:, None] ** 2 + 0.1
    ways = {"one": [[-2, 1], [0, 0]], "two": np.array([[-2, 1], [1, 1]]), "three": [[2, 1]]}
    axes, bar = figure(plot.descent, w, b, loss, ways, title="T").axes
    assert [line.get_label() for line in axes.lines] == ["one", "two", "three"]
    assert axes.lines[1].get_xydata().tolist() == [[-2, 1], [1, 1]]
    assert [(note.get_text(), note.xy) for note in sorted(axes.texts, key=lambda n: n.xy)] == [
        ("start", (-2, 1)),
        ("start", (2, 1)),
    ]
    levels = axes.collections[0].levels
    np.testing.assert_allclose(levels[1:] / levels[:-1], levels[1] / levels[0])
    assert levels[[0, -1]] == pytest.approx([loss.min(), loss.max()])
    assert (axes.get_xlim(), axes.get_ylim(), bar.get_ylabel()) == ((-2, 2), (-1, 1), "loss")


@pytest.mark.parametrize(
    ("sign", "result"),
    [("+", [11, 21, 12, 22]), ("-", [-9, -19, -8, -18]), ("*", [10, 20, 20, 40])],
)
def test_broadcasting_shows_values_copies_and_shapes(sign, result, figure):
    (axes,) = figure(plot.broadcasting, [[1], [2]], [10, 20], sign=sign).axes
    found = texts(axes)
    numbers = [text for text in found if text.lstrip("-").isdigit()]
    assert numbers == ["1", "1", "2", "2", "10", "20", "10", "20", *map(str, result)]
    assert [t for t in found if "(" in t] == ["(2, 1)  →  (2, 2)", "(2,)  →  (2, 2)", "(2, 2)"]
    pale = [patch.get_alpha() < 0.5 for patch in axes.patches]
    assert pale == [False, True, False, True, False, False, True, True, *[False] * 4]


def test_a_number_is_stretched_too(figure):
    (axes,) = figure(plot.broadcasting, 3, [1.5, 2.0]).axes
    assert texts(axes)[:2] == ["3", "3"]
    assert "()  →  (2,)" in texts(axes)


def test_what_cannot_be_drawn_is_refused():
    with pytest.raises(InvalidValueError, match=r"\(1, 2, 3\).*give a slice, such as x\[0\]"):
        plot.broadcasting(np.ones((1, 2, 3)), [1], "a.png")
    with pytest.raises(InvalidValueError, match=r"sign='/' is unknown"):
        plot.broadcasting([1], [2], "a.png", sign="/")
    with pytest.raises(ValueError, match="could not be broadcast"):
        plot.broadcasting([1, 2], [1, 2, 3], "a.png")


def test_rows_show_images_of_every_layout_from_black_to_white(figure):
    gray = np.array([[0, 255], [51, 102]], np.uint8)
    rows = {
        "PIL": [Image.fromarray(gray), Image.fromarray(gray.T)],
        "color": [np.stack([gray] * 3, -1)] * 2,
        "first": [np.stack([gray] * 3).astype(np.float32)] * 2,
        "floats": [gray[None] / 255 * 2 - 1],
    }
    panels = figure(plot.image_rows, rows, titles=["a", "b"], heading="H").axes
    assert texts(panels[0]) == ["PIL", "(2, 2)\nuint8, 0 … 255"]
    assert texts(panels[9]) == ["floats", "(1, 2, 2)\nfloat64, -1 … 1"]
    assert [panel.get_title() for panel in panels[:3]] == ["", "a", "b"]
    for place, shape in ((1, (2, 2)), (4, (2, 2, 3)), (7, (2, 2, 3)), (10, (2, 2))):
        image = np.asarray(panels[place].images[0].get_array())
        assert image.shape == shape
        np.testing.assert_allclose(image.reshape(2, 2, -1)[..., 0], gray / 255, atol=1e-6)
    np.testing.assert_allclose(panels[2].images[0].get_array(), gray.T / 255)
    assert not panels[11].images


def test_an_even_image_is_drawn(tmp_path):
    plot.image_rows({"flat": np.zeros((1, 1, 4, 4))}, tmp_path / "flat.png")
    assert (tmp_path / "flat.png").stat().st_size > 0


def test_the_colors_tell_the_ways_apart(figure):
    ways = {str(n): [[0, 0]] for n in range(3)}
    axes = figure(plot.descent, [0, 1], [0, 1], [[1, 2], [3, 4]], ways).axes[0]
    colors = [to_hex(line.get_color()) for line in axes.lines]
    assert len(set(colors)) == 3
    assert {ORANGE, GREEN} < set(colors)
