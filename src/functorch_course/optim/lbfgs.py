"""L-BFGS: Newton's method with a curvature that is estimated from the last steps."""

from collections.abc import Callable
from functools import partial
from typing import Any, Literal, NamedTuple

import jax
import jax.numpy as jnp
import optax
from jax.flatten_util import ravel_pytree
from optax import GradientTransformationExtraArgs, ScalarOrSchedule

from functorch_course.errors import TeachingError, one_of

from .checks import at_least_one, not_negative
from .line_search import Point, strong_wolfe


class LBFGSState(NamedTuple):
    """What is remembered between iterations, of all parameters as one vector.

    ``moves`` and ``bends`` hold the last steps and the changes of the gradient along them, the
    oldest first; ``used`` of their rows are filled.
    """

    updates: jax.Array
    iterations: jax.Array
    direction: jax.Array
    step: jax.Array
    gradient: jax.Array
    moves: jax.Array
    bends: jax.Array
    used: jax.Array
    scale: jax.Array


class _Run(NamedTuple):
    """Where the iterations of one update stand."""

    x: jax.Array
    value: jax.Array
    gradient: jax.Array
    memory: LBFGSState
    iterations: jax.Array
    evaluations: jax.Array
    stop: jax.Array


class _Problem(NamedTuple):
    """The loss of a flat vector with its gradient, and when to stop."""

    evaluate: Callable[[jax.Array], tuple[jax.Array, jax.Array]]
    rate: jax.Array
    max_iter: int
    max_eval: int
    tolerance_grad: float
    tolerance_change: float
    searches: bool


def LBFGS(  # noqa: N802
    lr: ScalarOrSchedule = 1.0,
    max_iter: int = 20,
    max_eval: int | None = None,
    tolerance_grad: float = 1e-7,
    tolerance_change: float = 1e-9,
    history_size: int = 100,
    line_search_fn: Literal["strong_wolfe"] | None = None,
) -> GradientTransformationExtraArgs:
    r"""Take several quasi-Newton steps on the loss of the whole data.

    .. math:: \theta \leftarrow \theta - t H \nabla f(\theta)

    H is the inverse curvature that the last steps and changes of the gradient suggest. One update
    makes up to ``max_iter`` iterations and evaluates the loss itself, so it needs a function: where
    PyTorch has ``optimizer.step(closure)``, write
    ``optimizer.update(gradients, state, params, value=value, value_fn=loss)``.

    Args:
        lr: The first step t of each line search, or the step itself without one.
        max_iter: The most iterations of an update.
        max_eval: The most evaluations of the loss; ``None`` means 1.25 max_iter.
        tolerance_grad: Stop when no component of the gradient is greater.
        tolerance_change: Stop when parameters or loss change less.
        history_size: How many steps are remembered.
        line_search_fn: ``"strong_wolfe"``, or ``None`` to take the step t as it is.

    Returns:
        An Optax transformation whose ``update`` takes ``value``, the loss at ``params``, and
        ``value_fn``, the loss as a function of the parameters on the full batch.

    Raises:
        InvalidValueError: If a number is out of its range, or the line search is unknown.
        TeachingError: If ``update`` is called without ``value`` or ``value_fn``.

    Example:
        >>> loss = lambda w: ((w - jnp.array([1.0, 2.0])) ** 2 * jnp.array([1.0, 50.0])).sum()
        >>> optimizer = LBFGS(line_search_fn="strong_wolfe")
        >>> w = jnp.zeros(2)
        >>> value, gradients = jax.value_and_grad(loss)(w)
        >>> state = optimizer.init(w)
        >>> updates, state = optimizer.update(gradients, state, w, value=value, value_fn=loss)
        >>> optax.apply_updates(w, updates).round(4)
        Array([1., 2.], dtype=float32)

    PyTorch: ``torch.optim.LBFGS``, iteration by iteration, in compiled code too.
    ``optax.lbfgs`` makes one iteration an update.

    Source: Nocedal and Wright, Numerical Optimization, 2006, algorithm 7.5.
    """
    not_negative(lr=lr, tolerance_grad=tolerance_grad, tolerance_change=tolerance_change)
    at_least_one(max_iter=max_iter, history_size=history_size)
    one_of("line_search_fn", line_search_fn, ["strong_wolfe", None])
    most = max_iter * 5 // 4 if max_eval is None else max_eval

    def init(params: optax.Params) -> LBFGSState:
        flat = ravel_pytree(params)[0]
        updates, iterations, used = (jnp.zeros((), jnp.int32) for _ in range(3))
        direction, gradient = (jnp.zeros_like(flat) for _ in range(2))
        moves, bends = (jnp.zeros((history_size, flat.size), flat.dtype) for _ in range(2))
        step, scale = jnp.zeros((), flat.dtype), jnp.ones((), flat.dtype)
        return LBFGSState(updates, iterations, direction, step, gradient, moves, bends, used, scale)

    def update(
        gradients: optax.Updates,
        state: LBFGSState,
        params: optax.Params | None = None,
        *,
        value: jax.Array | None = None,
        value_fn: Callable[[Any], jax.Array] | None = None,
        **_: object,
    ) -> tuple[optax.Updates, LBFGSState]:
        if value is None or value_fn is None or params is None:
            raise _lesson()
        x, unravel = ravel_pytree(params)
        rate = jnp.asarray(lr(state.updates) if callable(lr) else lr, x.dtype)
        problem = _Problem(
            jax.value_and_grad(lambda x: value_fn(unravel(x))),
            rate,
            max_iter,
            most,
            tolerance_grad,
            tolerance_change,
            line_search_fn == "strong_wolfe",
        )
        run = _start(problem, x, jnp.asarray(value), ravel_pytree(gradients)[0], state)
        run = jax.lax.while_loop(lambda run: ~run.stop, partial(_iterate, problem), run)
        return unravel(run.x - x), run.memory._replace(updates=state.updates + 1)

    return GradientTransformationExtraArgs(init, update)


def _start(
    problem: _Problem, x: jax.Array, value: jax.Array, gradient: jax.Array, state: LBFGSState
) -> _Run:
    """Return where an update begins; at the optimum it ends there, too."""
    nothing = jnp.zeros((), jnp.int32)
    is_optimal = jnp.abs(gradient).max() <= problem.tolerance_grad
    return _Run(x, value, gradient, state, nothing, nothing + 1, is_optimal)


def _iterate(problem: _Problem, run: _Run) -> _Run:
    """Choose a direction and move along it, unless it leads nowhere."""
    memory = _remember(run.memory, run.gradient)
    first = jnp.minimum(1, 1 / jnp.abs(run.gradient).sum()) * problem.rate
    step = jnp.where(memory.iterations == 1, first, problem.rate)
    slope = run.gradient @ memory.direction
    turned = run._replace(
        memory=memory._replace(step=step), iterations=run.iterations + 1, stop=jnp.array(True)
    )
    start = Point(jnp.zeros_like(step), run.value, slope, run.gradient)
    moved: _Run = jax.lax.cond(
        slope > -problem.tolerance_change,
        lambda: turned,
        lambda: _move(problem, turned, start),
    )
    return moved


def _move(problem: _Problem, run: _Run, start: Point) -> _Run:
    """Take a step along the direction, and judge whether it was the last one."""
    point, tries = _step(problem, run, start)
    direction, evaluations = run.memory.direction, run.evaluations + tries
    stop = (
        (run.iterations == problem.max_iter)
        | (evaluations >= problem.max_eval)
        | (jnp.abs(point.gradient).max() <= problem.tolerance_grad)
        | (jnp.abs(point.step * direction).max() <= problem.tolerance_change)
        | (jnp.abs(point.value - start.value) < problem.tolerance_change)
    )
    memory = run.memory._replace(step=point.step)
    x = run.x + point.step * direction
    return _Run(x, point.value, point.gradient, memory, run.iterations, evaluations, stop)


def _step(problem: _Problem, run: _Run, start: Point) -> tuple[Point, jax.Array]:
    """Return the point to move to, and how often the loss was evaluated."""
    direction, first = run.memory.direction, run.memory.step

    def at(step: jax.Array) -> Point:
        value, gradient = problem.evaluate(run.x + step * direction)
        return Point(step, value, gradient @ direction, gradient)

    if problem.searches:
        width = problem.tolerance_change / jnp.abs(direction).max()
        return strong_wolfe(at, start, first, width, problem.max_eval - run.evaluations)
    # Nothing is evaluated after the last iteration, as the next update does it.
    is_last = run.iterations == problem.max_iter
    unseen = start._replace(step=first)
    return jax.lax.cond(is_last, lambda: unseen, lambda: at(first)), 1 - is_last


def _remember(memory: LBFGSState, gradient: jax.Array) -> LBFGSState:
    """Add the last step to the memory and return it with the new direction."""
    move, bend = memory.direction * memory.step, gradient - memory.gradient
    product = bend @ move
    added: LBFGSState = jax.lax.cond(
        product > 1e-10, lambda: _append(memory, move, bend), lambda: memory
    )
    return added._replace(
        iterations=memory.iterations + 1, direction=_direction(added, gradient), gradient=gradient
    )


def _append(memory: LBFGSState, move: jax.Array, bend: jax.Array) -> LBFGSState:
    """Write a step and the change of the gradient along it into the next row."""
    size = len(memory.moves)
    is_full = memory.used == size
    place = jnp.minimum(memory.used, size - 1)

    def put(table: jax.Array, row: jax.Array) -> jax.Array:
        return jnp.where(is_full, jnp.roll(table, -1, 0), table).at[place].set(row)

    return memory._replace(
        moves=put(memory.moves, move),
        bends=put(memory.bends, bend),
        used=place + 1,
        scale=(bend @ move) / (bend @ bend),
    )


def _direction(memory: LBFGSState, gradient: jax.Array) -> jax.Array:
    """Return the gradient, turned by the remembered curvature: the two-loop recursion."""
    moves, bends, used = memory.moves, memory.bends, memory.used

    def backwards(
        turn: jax.Array, carry: tuple[jax.Array, jax.Array]
    ) -> tuple[jax.Array, jax.Array]:
        q, shares = carry
        row = used - 1 - turn
        share = (moves[row] @ q) / (bends[row] @ moves[row])
        return q - share * bends[row], shares.at[row].set(share)

    def forwards(row: jax.Array, r: jax.Array) -> jax.Array:
        share = (bends[row] @ r) / (bends[row] @ moves[row])
        return jnp.add(r, moves[row] * (shares[row] - share))

    no_shares = jnp.zeros(len(moves), gradient.dtype)
    q, shares = jax.lax.fori_loop(0, used, backwards, (-gradient, no_shares))
    direction: jax.Array = jax.lax.fori_loop(0, used, forwards, q * memory.scale)
    return direction


def _lesson() -> TeachingError:
    """Return what to write in place of ``optimizer.step(closure)``."""
    return TeachingError(
        "LBFGS was asked for an update without value=, value_fn= or params: "
        "it evaluates the loss itself, on the whole data",
        "optimizer.step(closure) calls the closure as often as it needs.",
        "optimizer.update(gradients, state, params, value=value, value_fn=loss)",
    )
