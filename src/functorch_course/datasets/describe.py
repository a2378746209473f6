"""The ``repr`` that the datasets share."""

from collections.abc import Sized


def describe(dataset: Sized, details: list[str]) -> str:
    """Return name, size, details and transforms of a dataset, one a line."""
    lines = [f"Dataset {type(dataset).__name__}", f"Number of datapoints: {len(dataset)}", *details]
    for name in ("transform", "target_transform"):
        transform = getattr(dataset, name)
        shown = [] if transform is None else [f"{name}: {transform!r}".replace("\n", "\n    ")]
        lines += shown
    return "\n    ".join(lines)
