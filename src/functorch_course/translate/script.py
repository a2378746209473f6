"""A whole PyTorch script, line by line: what to write here, or that nothing is needed."""

import re
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any

from .parsing import parse_text, too_deep
from .scope import Scope
from .walk import Line, Walker

IMPORTS = {
    "functools": "import functools",
    "fc": "import functorch_course as fc",
    "jax": "import jax",
    "jnp": "import jax.numpy as jnp",
    "np": "import numpy as np",
    "optax": "import optax",
    "nnx": "from flax import nnx",
    "os": "import os",
    "PIL": "import PIL.Image",
}


@dataclass(frozen=True)
class Script:
    """A script and what becomes of it.

    Args:
        name: The file's name.
        source: Its text.
        lines: Its statements in order.
        imports: What to write at its beginning.

    PyTorch: has no counterpart.
    """

    name: str
    source: str
    lines: tuple[Line, ...]
    imports: tuple[str, ...]

    def counts(self) -> dict[str, int]:
        """Count the statements by verdict."""
        found = Counter(line.verdict for line in self.lines)
        return {name: found[name] for name in ("same", "write", "nothing", "explain", "unknown")}

    def as_json(self) -> dict[str, Any]:
        """Return everything in plain values."""
        lines = [
            asdict(line) | {"notes": [note._asdict() for note in line.notes]} for line in self.lines
        ]
        return {
            "name": self.name,
            "lines": lines,
            "imports": list(self.imports),
            "summary": self.counts(),
        }


def translate_script(source: str, name: str = "the script") -> Script:
    r"""Walk a script by its syntax tree; nothing of it is executed.

    Args:
        source: The text of the script.
        name: What to call it.

    Returns:
        Each statement with what to write here, the imports, and a summary.

    Raises:
        ScriptError: If it is not Python; the message names the line.

    Example:
        >>> found = translate_script("import torch\nx = torch.ones(2, 3)\nprint(x.numel())\n")
        >>> [line.here for line in found.lines]
        ['', 'x = fc.tensor.ones(2, 3)', 'print(fc.tensor.numel(x))']
        >>> found.imports
        ('import functorch_course as fc',)

    PyTorch: has no counterpart.
    """
    tree = parse_text(source, name)
    walker = Walker(source, tree)
    try:
        walker.walk(tree.body, Scope())
    except RecursionError:
        raise too_deep(name) from None
    return Script(name, source, tuple(walker.lines), _imports(walker.lines))


def _imports(lines: list[Line]) -> tuple[str, ...]:
    """Return the imports that the written lines need."""
    written = [line.here for line in lines if line.here != line.source]
    written += [part for line in lines for part in (*line.before, *line.after)]
    roots = {root for text in written for root in re.findall(r"(?<![\w.])(\w+)\.", text)}
    kept = {line.here for line in lines}
    return tuple(text for root, text in IMPORTS.items() if root in roots and text not in kept)
