"""What every function of this package returns: a picture on disk that a notebook shows."""

from dataclasses import dataclass
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

INK = "#1f2933"
BLUE, ORANGE, GREEN, RED, VIOLET = COLORS = ["#2f6fb7", "#e0782f", "#3a9a5b", "#c8414b", "#7a5cc2"]
DOTS_PER_INCH = 120


@dataclass(frozen=True)
class Picture:
    """A PNG file. As the last expression of a notebook's cell it shows itself.

    Args:
        path: Where it lies.

    Example:
        >>> import tempfile
        >>> from functorch_course.plot import lines
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     picture = lines([0, 1], {"x": [0, 1]}, f"{folder}/line.png")
        ...     picture._repr_png_()[1:4]
        b'PNG'

    PyTorch: has no counterpart.
    """

    path: Path

    def __repr__(self) -> str:
        return f"Picture({str(self.path)!r})"

    def _repr_png_(self) -> bytes:
        """Return the file, as Jupyter asks for it."""
        return self.path.read_bytes()


def panel(width: float, height: float) -> tuple[Figure, Axes]:
    """Return a figure of one panel, in inches."""
    figure = Figure(figsize=(width, height), layout="constrained")
    return figure, figure.add_subplot()


def plain(axes: Axes) -> None:
    """Give a panel of curves a pale grid, our colours, and no box."""
    axes.set_prop_cycle(color=[*COLORS, INK])
    axes.spines[["top", "right"]].set_visible(False)
    axes.grid(alpha=0.25)


def save(figure: Figure, path: str | Path) -> Picture:
    """Write the figure, making its folder first."""
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(path, dpi=DOTS_PER_INCH)
    return Picture(Path(path))
