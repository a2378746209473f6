"""The search along a line for a step that satisfies the strong Wolfe conditions."""

from collections.abc import Callable
from typing import NamedTuple

import jax
import jax.numpy as jnp

SUFFICIENT_DECREASE = 1e-4
CURVATURE = 0.9
_SEARCHING, _BRACKETED, _FOUND = range(3)


class Point(NamedTuple):
    """A step along the line, and the value, slope and gradient there."""

    step: jax.Array
    value: jax.Array
    slope: jax.Array
    gradient: jax.Array


class _Walk(NamedTuple):
    """The way outwards, until two points have a good one between them."""

    tries: jax.Array
    previous: Point
    current: Point
    status: jax.Array


class _Zoom(NamedTuple):
    """The two points (their arrays have two rows), and which of them is lower."""

    tries: jax.Array
    ends: Point
    low: jax.Array
    stalled: jax.Array
    done: jax.Array


Evaluate = Callable[[jax.Array], Point]


def strong_wolfe(
    evaluate: Evaluate, start: Point, first: jax.Array, width: jax.Array, max_tries: jax.Array
) -> tuple[Point, jax.Array]:
    r"""Find a step t with sufficient decrease and a slope nearer to zero.

    .. math:: f(t) \le f(0) + 10^{-4} t f'(0), \quad |f'(t)| \le 0.9 |f'(0)|

    Args:
        evaluate: Returns the point at a step.
        start: The point at step 0, where the slope is negative.
        first: The first step to try.
        width: Two points nearer to each other than this end the search.
        max_tries: How many further steps may be tried.

    Returns:
        The best point found, and how many points were evaluated.

    Example:
        >>> def evaluate(t):
        ...     return Point(t, (t - 1) ** 2, 2 * (t - 1), jnp.zeros(1))
        >>> start = evaluate(jnp.array(0.0))
        >>> point, tries = strong_wolfe(evaluate, start, jnp.array(5.0), jnp.array(1e-9), 20)
        >>> round(float(point.step), 6), int(tries)
        (1.0, 2)

    PyTorch: ``line_search_fn="strong_wolfe"`` of ``torch.optim.LBFGS``; the same steps are
    tried, but where its interpolation overflows to NaN, this one halves the interval.

    Source: Nocedal and Wright, Numerical Optimization, 2006, algorithms 3.5 and 3.6.
    """
    nothing = jnp.zeros((), jnp.int32)
    walk = _Walk(nothing, start, evaluate(first), nothing + _SEARCHING)
    walk = jax.lax.while_loop(
        lambda w: (w.status == _SEARCHING) & (w.tries < max_tries),
        lambda w: _walk_on(w, evaluate, start),
        walk,
    )
    zoom = _first_zoom(walk, start)
    zoom = jax.lax.while_loop(
        lambda z: ~z.done & (z.tries < max_tries) & (jnp.abs(jnp.diff(z.ends.step)[0]) >= width),
        lambda z: _zoom_in(z, evaluate, start),
        zoom,
    )
    return _row(zoom.ends, zoom.low), zoom.tries + 1


def _walk_on(walk: _Walk, evaluate: Evaluate, start: Point) -> _Walk:
    """Judge the current point, and unless it ends the walk, take a longer step."""
    previous, current = walk.previous, walk.current
    too_high = _decreases_too_little(current, start)
    too_high |= (walk.tries > 1) & (current.value >= previous.value)
    conditions = [too_high, _is_flat(current, start), current.slope >= 0]
    status = jnp.select(conditions, [_BRACKETED, _FOUND, _BRACKETED], _SEARCHING)
    status = status.astype(jnp.int32)

    def go() -> _Walk:
        least = current.step + 0.01 * (current.step - previous.step)
        step = _cubic_minimum(previous, current, least, current.step * 10)
        return _Walk(walk.tries + 1, current, evaluate(step), status)

    walked: _Walk = jax.lax.cond(status == _SEARCHING, go, lambda: walk._replace(status=status))
    return walked


def _first_zoom(walk: _Walk, start: Point) -> _Zoom:
    """Return the two points with which the walk ended."""
    found, lost = walk.status == _FOUND, walk.status == _SEARCHING
    first = _where(found, walk.current, _where(lost, start, walk.previous))
    ends = jax.tree.map(lambda a, b: jnp.stack([a, b]), first, walk.current)
    return _Zoom(walk.tries, ends, _lower(ends), jnp.array(False), found)


def _zoom_in(zoom: _Zoom, evaluate: Evaluate, start: Point) -> _Zoom:
    """Replace one of the two points by one between them."""
    step, stalled = _next_step(zoom)
    low, high = _row(zoom.ends, zoom.low), _row(zoom.ends, 1 - zoom.low)
    new = evaluate(step)
    worse = _decreases_too_little(new, start) | (new.value >= low.value)
    done = ~worse & _is_flat(new, start)
    turns = ~worse & ~done & (new.slope * (high.step - low.step) >= 0)
    new_high = _where(worse, new, _where(turns, low, high))
    new_low = _where(worse, low, new)
    rows = (zoom.low, 1 - zoom.low)
    ends = jax.tree.map(
        lambda all_, a, b: all_.at[rows[0]].set(a).at[rows[1]].set(b), zoom.ends, new_low, new_high
    )
    lower = jnp.where(worse, _lower(ends), zoom.low)
    return _Zoom(zoom.tries + 1, ends, lower, stalled, done)


def _next_step(zoom: _Zoom) -> tuple[jax.Array, jax.Array]:
    """Return the step to try next, and whether it is too near to an end to count as progress."""
    least, most = zoom.ends.step.min(), zoom.ends.step.max()
    step = _cubic_minimum(_row(zoom.ends, 0), _row(zoom.ends, 1), least, most)
    margin = 0.1 * (most - least)
    is_near = jnp.minimum(most - step, step - least) < margin
    moves = is_near & (zoom.stalled | (step >= most) | (step <= least))
    inside = jnp.where(jnp.abs(step - most) < jnp.abs(step - least), most - margin, least + margin)
    return jnp.where(moves, inside, step), is_near & ~moves


def _cubic_minimum(a: Point, b: Point, least: jax.Array, most: jax.Array) -> jax.Array:
    """Return where the cubic through two points and their slopes is lowest, within limits."""
    first, last = _where(a.step <= b.step, a, b), _where(a.step <= b.step, b, a)
    d1 = first.slope + last.slope - 3 * (first.value - last.value) / (first.step - last.step)
    square = d1 * d1 - first.slope * last.slope
    d2 = jnp.sqrt(jnp.maximum(square, 0))
    share = (last.slope + d2 - d1) / (last.slope - first.slope + 2 * d2)
    step = last.step - (last.step - first.step) * share
    exists = (square >= 0) & jnp.isfinite(step)  # it may overflow where the loss is huge
    return jnp.where(exists, jnp.clip(step, least, most), (least + most) / 2)


def _decreases_too_little(point: Point, start: Point) -> jax.Array:
    """Return whether the first Wolfe condition fails."""
    return point.value > start.value + SUFFICIENT_DECREASE * point.step * start.slope


def _is_flat(point: Point, start: Point) -> jax.Array:
    """Return whether the second Wolfe condition holds."""
    return jnp.abs(point.slope) <= -CURVATURE * start.slope


def _lower(ends: Point) -> jax.Array:
    """Return which of the two points has the lower value; the first if they are equal."""
    return (ends.value[0] > ends.value[1]).astype(jnp.int32)


def _row(ends: Point, row: jax.Array | int) -> Point:
    """Return one of the two points."""
    return Point(*(values[row] for values in ends))


def _where(condition: jax.Array, yes: Point, no: Point) -> Point:
    """Return one point or the other."""
    return Point(*(jnp.where(condition, a, b) for a, b in zip(yes, no, strict=True)))
