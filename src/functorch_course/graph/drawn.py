"""The graph that draws itself."""

from dataclasses import dataclass
from pathlib import Path

import jax

from functorch_course.errors import InvalidValueError

from .cards import draw
from .layout import arrange
from .nodes import Edge, Node
from .picture import Picture
from .svg import to_svg
from .text import to_text

_MOST_DRAWN = 40


@dataclass(frozen=True, eq=False, repr=False)
class Graph:
    """A computation as a directed acyclic graph, forward and backward.

    In a terminal ``print`` it; in a notebook it draws itself; :meth:`save` makes an image.

    Args:
        title: The function and its arguments.
        nodes: All nodes, each behind its inputs; the leaves first.
        outputs: What the function returns.

    PyTorch: what hangs on ``y.grad_fn``.
    """

    title: str
    nodes: tuple[Node, ...]
    outputs: tuple[Edge, ...]

    @property
    def grad_fn(self) -> Node | None:
        """The last node, or None if the result is an input or a constant.

        PyTorch: ``y.grad_fn``.
        """
        node = self.outputs[0].node
        return None if node is None or node.is_leaf else node

    @property
    def leaves(self) -> tuple[Node, ...]:
        """The inputs that are differentiated.

        PyTorch: the tensors with ``is_leaf`` and ``requires_grad``.
        """
        return tuple(node for node in self.nodes if node.is_leaf)

    @property
    def value(self) -> jax.Array:
        """What the function returns; the first part if it returns several."""
        return self.outputs[0].value  # type: ignore[no-any-return]

    def __repr__(self) -> str:
        return to_text(self.title, self.nodes, self.outputs)

    def svg(self, most: int = _MOST_DRAWN) -> str:
        """Draw the graph as SVG.

        Args:
            most: How many nodes to draw at most; of a larger graph those nearest to the result.

        Returns:
            The text of an SVG file.

        PyTorch: has no counterpart; the package torchviz draws the backward half.
        """
        return to_svg(self._picture(most))

    def save(self, path: str | Path, most: int = _MOST_DRAWN, scale: float = 2.0) -> Path:
        """Write the drawing to a file, making its folder first.

        Args:
            path: Where; it ends in ``.svg``, ``.png`` or ``.txt``.
            most: How many nodes to draw at most.
            scale: Pixels per unit, for ``.png``.

        Returns:
            The path.

        Raises:
            InvalidValueError: If the path ends otherwise.
        """
        path = Path(path)
        if path.suffix not in {".svg", ".png", ".txt"}:
            raise InvalidValueError(
                f"a graph cannot be saved as {path.name!r}: end it in .svg, .png or .txt"
            )
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".png":
            from .png import write_png  # noqa: PLC0415 - Pillow, only where a bitmap is wanted

            write_png(self._picture(most), path, scale)
        else:
            text = self.svg(most) if path.suffix == ".svg" else f"{self}\n"
            path.write_text(text, encoding="utf-8")
        return path

    def _repr_svg_(self) -> str:
        """Show the drawing in a notebook."""
        return self.svg()

    def _picture(self, most: int) -> Picture:
        """Arrange the nodes, and draw them."""
        return draw(self.title, arrange(self.nodes, self.outputs, most), self.outputs)
