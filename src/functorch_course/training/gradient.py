"""What may happen to a gradient before the optimizer sees it: clipping and accumulation."""

import jax
import jax.numpy as jnp
import optax

from functorch_course.errors import InvalidValueError

from .arguments import check_count


def clip_gradient_norm(max_norm: float) -> optax.GradientTransformation:
    r"""Shorten a gradient whose norm over all parameters is too large.

    Formula: :math:`g \leftarrow g \cdot \min(1,\; m / (\lVert g \rVert_2 + 10^{-6}))`

    Args:
        max_norm: The largest norm m that is let through.

    Returns:
        An Optax transformation; put it before the optimizer with ``optax.chain``.

    Raises:
        InvalidValueError: If ``max_norm`` is not above 0.

    Example:
        >>> clip = clip_gradient_norm(1.0)
        >>> shorter, _ = clip.update(jnp.array([3.0, 4.0]), clip.init(None))
        >>> [round(float(value), 4) for value in shorter]
        [0.6, 0.8]

    PyTorch: ``torch.nn.utils.clip_grad_norm_``, equal to rounding; ``optax.clip_by_global_norm``
    lacks the small constant.

    Source: https://docs.pytorch.org/docs/stable/generated/torch.nn.utils.clip_grad_norm_.html
    """
    if not max_norm > 0:
        raise InvalidValueError(f"clip={max_norm}: write a norm above 0")

    def shorten(gradient: optax.Updates, _: optax.Params | None) -> optax.Updates:
        share = jnp.minimum(1.0, max_norm / (optax.tree.norm(gradient) + 1e-6))
        return jax.tree.map(lambda leaf: leaf * share.astype(leaf.dtype), gradient)

    return optax.stateless(shorten)


def prepare(
    optimizer: optax.GradientTransformation, clip: float | None, accumulate: int
) -> optax.GradientTransformation:
    """Return the optimizer behind clipping, updating once in ``accumulate`` batches."""
    check_count("accumulate", accumulate, 1)
    if clip is not None:
        optimizer = optax.chain(clip_gradient_norm(clip), optimizer)
    if accumulate == 1:
        return optimizer
    several = optax.MultiSteps(optimizer, accumulate)
    return optax.GradientTransformationExtraArgs(several.init, several.update)
