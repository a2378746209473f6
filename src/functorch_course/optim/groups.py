"""One optimizer for some parameters and another, or none, for others, by their names."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

import jax
import optax
from optax import GradientTransformation

from functorch_course.errors import InvalidValueError

_REST = ""


def parameter_groups(
    groups: Mapping[str, GradientTransformation], default: GradientTransformation
) -> GradientTransformation:
    """Give parameters the optimizer of the first pattern that their name matches.

    Args:
        groups: Optimizers by pattern, such as ``"*.bias"`` or ``"0.*"``; ``*`` stands for any
            letters, ``?`` for one.
        default: The optimizer of the parameters that no pattern matches.

    Returns:
        An Optax transformation of all parameters. Its ``init`` raises InvalidValueError if a
        pattern matches no parameter, so that a misspelt one is noticed.

    Example:
        >>> from functorch_course import optim
        >>> optimizer = parameter_groups({"*.bias": optim.SGD(lr=1.0)}, optim.SGD(lr=0.1))
        >>> params = {"linear": {"bias": 0.0, "weight": 0.0}}
        >>> gradients = {"linear": {"bias": 1.0, "weight": 1.0}}
        >>> optimizer.update(gradients, optimizer.init(params), params)[0]
        {'linear': {'bias': -1.0, 'weight': -0.1}}

    PyTorch: the list of dicts that an optimizer takes in place of ``model.parameters()``.
    """
    patterns = list(groups)

    def label(name: str) -> str:
        return next((pattern for pattern in patterns if fnmatchcase(name, pattern)), _REST)

    def labels(params: optax.Params) -> Any:  # noqa: ANN401
        return jax.tree.map_with_path(lambda path, _: label(_name(path)), params)

    def init(params: optax.Params) -> optax.OptState:
        names = [_name(path) for path, _ in jax.tree.leaves_with_path(params)]
        used = {label(name) for name in names}
        for pattern in patterns:
            if pattern not in used:
                raise InvalidValueError(
                    f"the pattern {pattern!r} is no parameter's first match; "
                    f"the parameters are {', '.join(names)}"
                )
        return inner.init(params)

    inner = optax.partition({**groups, _REST: default}, labels)
    return GradientTransformation(init, inner.update)


def freeze(optimizer: GradientTransformation, *patterns: str) -> GradientTransformation:
    """Keep the parameters whose names match as they are.

    Args:
        optimizer: The optimizer of the other parameters.
        *patterns: Patterns of names, as for :func:`parameter_groups`.

    Returns:
        An Optax transformation of all parameters.

    Example:
        >>> from functorch_course import optim
        >>> optimizer = freeze(optim.SGD(lr=1.0), "first.*")
        >>> params = {"first": {"weight": 1.0}, "last": {"weight": 1.0}}
        >>> updates, _ = optimizer.update(params, optimizer.init(params), params)
        >>> jax.tree.map(float, updates)
        {'first': {'weight': 0.0}, 'last': {'weight': -1.0}}

    PyTorch: ``parameter.requires_grad_(False)``. Here the gradient is still computed, unless the
    compiler sees that nobody uses it.
    """
    return parameter_groups(dict.fromkeys(patterns, optax.set_to_zero()), optimizer)


def _name(path: tuple[Any, ...]) -> str:
    """Return PyTorch's name of a leaf; inside a Flax variable the leaf itself is called "value"."""
    if len(path) > 1 and path[-1] == jax.tree_util.GetAttrKey("value"):
        path = path[:-1]
    keys = [
        str(getattr(key, "key", getattr(key, "name", getattr(key, "idx", key)))) for key in path
    ]
    return ".".join(keys)
