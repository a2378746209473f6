# %% [markdown]
# # 8. The same in PyTorch: comparing
#
# That a program trains is no proof that it computes what another does. A proof has the same start,
# the same batches in the same order, and looks at every number of every step. Between two right
# programs there is only rounding: neighbours in float32 differ by a share of $2^{-23}$, and sums in
# another order by some of these. What is larger has a cause, and the first step and quantity in
# which it shows say where to look:
#
# $$\text{batch} \to \text{outputs} \to \text{loss} \to \text{gradient} \to \text{update}$$
#
# Rows: O032, D130, D162–D163, D171, S209
#
# PyTorch itself runs in some of the cells. Where it is not installed they are left out, and this
# first one says how to get it.

# %%
import dataclasses
import importlib.util
import inspect
from pathlib import Path

import jax.numpy as jnp
import numpy as np

import functorch_course as fc

TORCH = importlib.util.find_spec("torch") is not None

if not TORCH:
    print("Left out: the cells that begin with `if TORCH`.")
    with fc.errors.shown(fc.compare.MissingPackageError, saying="pip install"):
        fc.compare.training("line")

# %% [markdown]
# ## The same start, from the seed alone
#
# Nothing has to be copied from one program to the other. Weights, order and masks follow from the
# seed, and the stream of random numbers is PyTorch's, bit for bit.
#
# | PyTorch | here | value |
# |---|---|---|
# | `torch.rand(2, generator=torch.Generator().manual_seed(0))` | `fc.random.rand(2, generator=fc.Generator(0))` | `[0.4962566, 0.76822186]` |
# | `torch.randperm(6, generator=torch.Generator().manual_seed(0))` | `fc.random.randperm(6, generator=fc.Generator(0))` | `[2, 5, 3, 0, 1, 4]` |
# | `(torch.manual_seed(0), torch.nn.Linear(2, 1).bias[0])[1]` | `(fc.manual_seed(0), fc.nn.Linear(2, 1).bias[0])[1]` | `-0.5819808` |
#
# ## One function
#
# `compare.function` gives both the same input, and compares values and derivatives. Here is one
# text for both, and it means two things: PyTorch divides by $n - 1$, NumPy and jax by $n$.
#
# | PyTorch | here | value |
# |---|---|---|
# | `numbers.std()` | `numbers.std(ddof=1)` | `1.2909944` |
# | `numbers.std(correction=0)` | `numbers.std()` | `1.1180340` |


# %%
def spread(x):
    return x.std()


def squared_error(outputs, targets):
    return ((outputs - targets) ** 2).mean()


numbers = jnp.array([1.0, 2.0, 3.0, 4.0])
if TORCH:
    report = fc.compare.function(spread, spread, numbers)
    assert not report.equal
    print(report)
    assert fc.compare.function(squared_error, squared_error, numbers, numbers[::-1]).equal

# %% [markdown]
# ## One module
#
# `compare.module` calls both with PyTorch's parameters, and compares outputs and every gradient.
# The recipes of the package have a program for each side: model, loaders, loss, optimizer.

# %%
if TORCH:
    recipe = fc.compare.RECIPES["softmax-fashion-mnist"]
    settings = fc.compare.Settings("float32", epochs=1)
    here, there = recipe.here(settings), recipe.there(settings)
    images, _ = next(iter(here.test))
    report = fc.compare.module(here.model, there.model, images[:8])
    assert report.equal, report
    assert [part.name for part in report.parts[1:3]] == ["parameter 1.weight", "output"]

# %% [markdown]
# ## A whole training
#
# This is the PyTorch side of the recipe `line`, the course's line with noise. `compare.training`
# runs it, and its counterpart here, and compares step by step: batches and first weights bit for
# bit, everything else within what rounding explains.

# %%
LINE = fc.compare.RECIPES["line"]
print(inspect.getsource(LINE.there))

if TORCH:
    alike = fc.compare.training("line", seed=3)
    assert alike.equal, alike.parting
    assert alike.apart.same_batch.all()
    assert alike.apart.loss.max() < 1e-4
    fc.report.show(fc.compare.table(alike))

# %% [markdown]
# Now spoil the PyTorch side. One program forgets `zero_grad()`: the first step is still right, and
# in the second the gradient has the first one added to it. The other has a rate of 0.06 in place
# of 0.05: the gradient is right, and the very first update is not.


# %%
def without_zero_grad(settings):
    there = LINE.there(settings)
    there.optimizer.zero_grad = lambda: None
    return there


def with_another_rate(settings):
    there = LINE.there(settings)
    there.optimizer.param_groups[0]["lr"] = 0.06
    return there


def parting_of(there):
    return fc.compare.training(dataclasses.replace(LINE, there=there), seed=3).parting


if TORCH:
    forgotten, faster = parting_of(without_zero_grad), parting_of(with_another_rate)
    assert (forgotten.step, forgotten.quantity) == (1, "gradient")
    assert (faster.step, faster.quantity) == (0, "update")
    assert abs(faster.difference - (1 - 0.05 / 0.06)) < 1e-4
    print(forgotten, faster, sep="\n")

# %% [markdown]
# ## Two traces
#
# A trace is a training in numbers, a small file. `compare.record` writes one here, `record_torch`
# in PyTorch, and `functorch-course compare --helper` prints a file that does so in any PyTorch
# program, without this package. So compare two machines, or last year's run with today's.


# %%
def run(seed=0, loss=fc.nn.mse_loss, lr=0.05, weight_decay=0.0):
    x = np.arange(60, dtype=np.float32)[:, None] * np.float32(0.1) - np.float32(3)
    y = -3 * x + 1 + np.float32(0.1) * fc.random.randn(60, 1, generator=fc.Generator(9))
    fc.manual_seed(seed)
    model = fc.nn.LinearRegression(1, 1)
    loader = fc.data.DataLoader(fc.data.TensorDataset(x, y), batch_size=10, shuffle=True)
    optimizer = fc.optim.SGD(lr=lr, weight_decay=weight_decay)
    return fc.compare.record(model, loader, loss, optimizer, epochs=10)


file = Path("runs/lessons/08_line.npz")
file.parent.mkdir(parents=True, exist_ok=True)
run().save(file)
kept = fc.compare.load_trace(file)
assert fc.compare.traces(run(), kept).equal

# %% [markdown]
# Four mistakes, and what the comparison says of them. The seed shows in the first batch, before
# anything is computed. The loss is a sum instead of a mean. The rate shows in the first update. The
# weight decay is so small that nothing is beyond rounding's limits at first; the loss parts at step
# 3, and the message goes back to the update that it grew from.

# %%
found = {
    "another seed": fc.compare.traces(run(seed=1), kept),
    "summed loss": fc.compare.traces(run(loss=lambda o, t: ((o - t) ** 2).sum()), kept),
    "rate 0.06": fc.compare.traces(run(lr=0.06), kept),
    "weight decay 0.0001": fc.compare.traces(run(weight_decay=1e-4), kept),
}
for name, comparison in found.items():
    print(f"{name}: {comparison.parting}")

partings = [comparison.parting for comparison in found.values()]
assert [(parting.step, parting.quantity) for parting in partings] == [
    (0, "batch order"),
    (0, "loss"),
    (0, "update"),
    (3, "loss"),
]
assert partings[0].also == ("initial weight",)
assert (partings[3].grown_from.step, partings[3].grown_from.quantity) == (0, "update")
assert "weight decay" in partings[3].cause

# %% [markdown]
# On a logarithmic axis the kinds of mistakes lie far apart. Two right programs stay at the bottom,
# where rounding is; a wrong setting leaves it within a few steps; another seed was never there.

# %%
found = {name: found[name] for name in ("another seed", "rate 0.06", "weight decay 0.0001")}
found |= {"PyTorch, all alike": alike} if TORCH else {}
fc.plot.lines(
    np.arange(60),
    {name: np.maximum(each.apart.loss, 1e-9) for name, each in found.items()},  # 0 has no logarithm
    "runs/lessons/08_partings.png",
    title="Relative difference of the loss",
    xlabel="step",
    log=True,
)

# %% [markdown]
# ## What to remember
#
# - Same seed, same stream: two programs can start alike without handing anything over.
# - The first step and quantity in which two runs part names the cause; what comes later is its
#   consequence.
# - The same text may mean another thing: compare, do not trust.
#
# On the command line: `functorch-course compare --recipe line --seed 3`.
#
# Exercises: `functorch-course exercise list`, any section; compare your answer with PyTorch.
