"""What the tensor functions and the teaching checks add to a call of plain JAX, in microseconds.

    python scripts/benchmarks/checks.py

Ours and plain JAX take turns, and the fastest of each counts: other load only makes a call longer.
Checks of an index are timed alone, since indexing itself takes hundreds and varies by more than
they cost. The bars: 10 microseconds for a function, 20 for the checks of a gradient.
"""

import argparse
import time
import timeit
from collections.abc import Callable
from typing import Any

import jax
import jax.numpy as jnp

import functorch_course as fc
import harness
from functorch_course.autograd.arguments import check_inputs, positional
from functorch_course.autograd.guard import differentiating
from functorch_course.tensor.indexing import checked_key

FUNCTION_BAR, GRADIENT_BAR = 10.0, 20.0
V, A = jnp.linspace(0.5, 1.5, 3), jnp.ones((4, 3))
T = fc.tensor
N = jnp.array([0, 1])
PAIRS: dict[str, tuple[Callable[..., Any], Callable[..., Any], tuple[Any, ...]]] = {
    "add": (T.add, jnp.add, (A, V)),
    "mul": (T.mul, jnp.multiply, (A, V)),
    "dot": (T.dot, jnp.dot, (V, V)),
    "mm": (T.mm, jnp.matmul, (A, A.T)),
    "linear": (T.linear, lambda x, w, b: x @ w.T + b, (A, A, jnp.ones(4))),
    "view": (lambda x: T.view(x, -1, 1), lambda x: x.reshape(-1, 1), (A,)),
    "permute": (lambda x: T.permute(x, 1, 0), lambda x: x.transpose(1, 0), (A,)),
    "stack": (lambda x: T.stack([x, x]), lambda x: jnp.stack([x, x]), (V,)),
    "sum": (lambda x: T.sum(x, 0), lambda x: x.sum(0), (A,)),
    "std": (T.std, lambda x: jnp.std(x, ddof=1), (A,)),
    "exp": (T.exp, jnp.exp, (A,)),
    "sigmoid": (T.sigmoid, jax.nn.sigmoid, (A,)),
    "zeros": (lambda: T.zeros(4, 3), lambda: jnp.zeros((4, 3)), ()),
    "full_like": (lambda x: T.full_like(x, 2.0), lambda x: jnp.full_like(x, 2.0), (A,)),
    "matmul": (T.matmul, jnp.matmul, (A, V)),
    "cat": (lambda x: T.cat([x, x]), lambda x: jnp.concatenate([x, x]), (V,)),
    "reshape": (lambda x: T.reshape(x, 2, 6), lambda x: x.reshape(2, 6), (A,)),
    "transpose": (lambda x: T.transpose(x, 0, 1), lambda x: jnp.swapaxes(x, 0, 1), (A,)),
    "unsqueeze": (lambda x: T.unsqueeze(x, 0), lambda x: jnp.expand_dims(x, 0), (V,)),
    "squeeze": (lambda x: T.squeeze(x, 0), lambda x: jnp.squeeze(x, 0), (V[None],)),
    "expand": (lambda x: T.expand(x, 4, 3), lambda x: jnp.broadcast_to(x, (4, 3)), (V,)),
    "sum of integers": (T.sum, jnp.sum, (N,)),
    "mean": (T.mean, jnp.mean, (A,)),
    "var": (lambda x: T.var(x, 0), lambda x: jnp.var(x, 0, ddof=1), (A,)),
    "max": (T.max, jnp.max, (A,)),
    "prod": (T.prod, jnp.prod, (V,)),
    "cast": (lambda x: T.cast(x, "int32"), lambda x: x.astype(jnp.int32), (V,)),
    "relu": (T.relu, jax.nn.relu, (A,)),
    "tanh": (T.tanh, jnp.tanh, (A,)),
    "abs": (T.abs, jnp.abs, (A,)),
    "item": (T.item, lambda x: x.item(), (V[0],)),
    "tolist": (T.tolist, lambda x: x.tolist(), (V,)),
    "to_numpy": (T.to_numpy, lambda x: jax.device_get(x), (V,)),
}
PARAMETERS = {f"layer {i}": {"weight": A, "bias": V} for i in range(10)}


def gradient_checks() -> None:
    """All that fc.autograd.grad does beside jax.grad, for 20 arrays."""
    positional(lambda parameters, x: (parameters, x), 0, (PARAMETERS, 1.0), {})
    check_inputs([PARAMETERS])
    with differentiating():
        pass


def microseconds(call: Callable[..., Any], inputs: tuple[Any, ...], calls: int = 20) -> float:
    """Return how long a call takes, on the average of some."""
    start = time.perf_counter()
    for _ in range(calls):
        jax.block_until_ready(call(*inputs))
    return 1e6 * (time.perf_counter() - start) / calls


def added(
    ours: Callable[..., Any], plain: Callable[..., Any], inputs: tuple[Any, ...], rounds: int
) -> float:
    """Return by how much the fastest call of ours is slower than the fastest of plain JAX."""
    times = [(microseconds(ours, inputs), microseconds(plain, inputs)) for _ in range(rounds)]
    return min(mine for mine, _ in times) - min(other for _, other in times)


def alone(call: Callable[[], object], rounds: int) -> float:
    """Return how long the fastest call takes."""
    return 1e6 * min(timeit.repeat(call, number=100, repeat=rounds)) / 100


def part(name: str, about: str, found: dict[str, float], bar: float) -> harness.Part:
    """Return the microseconds, each with its bar."""
    figures = {call: [value] for call, value in found.items()}
    limits = [harness.Limit(call, bar) for call in figures]
    return harness.Part(name, about, "us", figures, limits=limits, less_is_better=True)


def parts(options: argparse.Namespace) -> harness.Parts:
    """Return what can be measured."""
    rounds = max(options.rounds, 10)  # the fastest of few would be chance

    def functions() -> list[harness.Part]:
        found = {f"ours, {name}": added(*pair, rounds) for name, pair in PAIRS.items()}
        return [part("functions", "added to a call of plain JAX", found, FUNCTION_BAR)]

    def indices() -> list[harness.Part]:
        keys = (1, (slice(1, 3), 2), jnp.array([0, 1]))
        found = {
            f"ours, {key}": alone(lambda key=key: checked_key(A, key), rounds // 2) for key in keys
        }
        return [part("index", "the checks of an index", found, FUNCTION_BAR)]

    def gradient() -> list[harness.Part]:
        found = {"ours": alone(gradient_checks, rounds // 2)}
        return [part("gradient", "all checks of a gradient of 20 arrays", found, GRADIENT_BAR)]

    return {"functions": functions, "index": indices, "gradient": gradient}


if __name__ == "__main__":
    harness.main("checks", __doc__, parts, rounds=100)
