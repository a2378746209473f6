"""A comparison as JSON, for other programs."""

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

from .comparison import Comparison
from .table import verdict


def to_json(comparison: Comparison, path: str | Path) -> None:
    """Write a comparison as JSON; what is not finite becomes null.

    Args:
        comparison: What :func:`training` or :func:`traces` returned.
        path: The file to write.

    Example:
        >>> def keep(comparison):
        ...     to_json(comparison, "comparison.json")

    PyTorch: has no counterpart.
    """
    text = json.dumps(_finite(as_dict(comparison)), indent=1, allow_nan=False)
    Path(path).write_text(text + "\n", encoding="utf-8")


def as_dict(comparison: Comparison) -> dict[str, Any]:
    """Return everything that the reports show, as plain values."""
    apart, parting, timing = comparison.apart, comparison.parting, comparison.timing
    return {
        "title": comparison.title,
        "equal": comparison.equal,
        "verdict": verdict(comparison),
        "parting": None if parting is None else asdict(parting) | {"cause": parting.cause},
        "checks": [check._asdict() for check in comparison.checks],
        "limits": comparison.limits._asdict(),
        "frameworks": [comparison.ours.framework, comparison.theirs.framework],
        "epoch_steps": comparison.ours.epoch_steps.tolist(),
        "losses": [comparison.ours.losses.tolist(), comparison.theirs.losses.tolist()],
        "apart": {
            "forward": apart.forward.tolist(),
            "loss": apart.loss.tolist(),
            "gradient": apart.gradient.max(axis=1, initial=0.0).tolist(),
            "update": apart.update.max(axis=1, initial=0.0).tolist(),
        },
        "accuracies": [comparison.ours.accuracies.tolist(), comparison.theirs.accuracies.tolist()],
        "timing": None if timing is None else timing._asdict(),
        "environment": dict(comparison.environment),
    }


def _finite(value: Any) -> Any:  # noqa: ANN401
    """Return the value with None in place of NaN and infinities, which JSON lacks."""
    match value:
        case dict():
            return {key: _finite(item) for key, item in value.items()}
        case list() | tuple():
            return [_finite(item) for item in value]
        case float() if not math.isfinite(value):
            return None
    return value
