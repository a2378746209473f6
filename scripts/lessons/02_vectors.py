# %% [markdown]
# # 2. Vectors: tensors with one axis
#
# A vector $x \in \mathbb{R}^n$ is a tensor with one axis. All its numbers have one dtype, and its
# shape is fixed. Features, weights and biases of a neuron, and time series are vectors. One thing
# differs from PyTorch more than any other: an array never changes.
#
# Rows: T034–T089

# %%
import jax
import jax.numpy as jnp
import numpy as np

import functorch_course as fc

x = fc.tensor.tensor([7, 4, 3, 2, 6])

# %% [markdown]
# ## Shape and dtype
#
# Integers are int64 in PyTorch and int32 here, floats float32 in both. A given dtype truncates
# towards zero. Small integers wrap around when you calculate with them, but a value that does not
# fit is refused on the way in.
#
# | PyTorch | here | value |
# |---|---|---|
# | `x.ndimension()` | `fc.tensor.ndimension(x)` | `1` |
# | `x.size()` | `fc.tensor.size(x)` | `(5,)` |
# | `x.numel()` | `fc.tensor.numel(x)` | `5` |
# | `torch.tensor([1.5]).dtype.itemsize` | `fc.tensor.tensor([1.5]).dtype.itemsize` | `4` |
# | `torch.zeros(5, dtype=torch.int32).nbytes` | `fc.tensor.zeros(5, dtype="int32").nbytes` | `20` |
# | `torch.tensor([1.9, 2.2, -3.7], dtype=torch.int32)` | `fc.tensor.tensor([1.9, 2.2, -3.7], "int32")` | `[1, 2, -3]` |
# | `x.type(torch.FloatTensor)` | `fc.tensor.cast(x, "FloatTensor")` | `[7.0, 4.0, 3.0, 2.0, 6.0]` |
# | `torch.tensor([250], dtype=torch.uint8) + 10` | `fc.tensor.add(fc.tensor.tensor([250], "uint8"), 10)` | `[4]` |
# | `torch.tensor([300], dtype=torch.uint8)` | `fc.tensor.tensor([300], "uint8")` | `RuntimeError` |
# | `torch.tensor(16777216.0) + 1` | `fc.tensor.add(fc.tensor.tensor(16777216.0), 1)` | `16777216.0` |
#
# JAX has no 64-bit numbers until they are switched on. Plain JAX then loses half of each number in
# silence.

# %%
assert jnp.asarray(np.array([2**40])).tolist() == [0]
with fc.errors.shown(RuntimeError, saying="enable_x64()"):
    fc.tensor.from_numpy(np.array([2**40]))
with fc.errors.shown(fc.errors.TeachingError, saying="x.shape"), fc.autograd.explain():
    x.size()  # a number of elements in JAX, not a method

# %% [markdown]
# ## Reading elements
#
# An element is a tensor too, of rank 0; `item` makes it a Python number. A slice $a:b$ takes the
# elements $a, \dots, b - 1$, and fewer where there are no more.
#
# | PyTorch | here | value |
# |---|---|---|
# | `(x[0], x[4])` | `(fc.tensor.index(x, 0), fc.tensor.index(x, 4))` | `(7, 6)` |
# | `x[1].item()` | `fc.tensor.item(x[1])` | `4` |
# | `x[1].shape` | `x[1].shape` | `()` |
# | `x[1:4]` | `fc.tensor.index(x, slice(1, 4))` | `[4, 3, 2]` |
# | `x[3:100]` | `fc.tensor.index(x, slice(3, 100))` | `[2, 6]` |
# | `x[[0, 2]]` | `fc.tensor.index(x, [0, 2])` | `[7, 3]` |
# | `x[5]` | `fc.tensor.index(x, 5)` | `IndexError` |
# | `x[::-1]` | — | `ValueError` |
# | — | `fc.tensor.index(x, slice(None, None, -1))` | `[6, 2, 3, 4, 7]` |
#
# Here JAX bites. Past the end, plain brackets give the nearest element, and a write is dropped.
# Neither raises.

# %%
assert (x[5], x[-9]) == (6, 7)
assert x.at[5].set(0).tolist() == [7, 4, 3, 2, 6]
with fc.errors.shown(IndexError, saying="index 5 is outside axis 0 of length 5"):
    fc.tensor.index(x, 5)
with fc.errors.shown(IndexError, saying="index -9"):
    fc.tensor.assign(x, -9, 0)

# %% [markdown]
# **The text says:** nothing about changing elements. Its sections jump from 7 to 9, and then $x$ is
# suddenly $[100, 4, 3, 2, 0]$.
#
# **What happens:** in PyTorch `x[0] = 100` and `x[4] = 0` write into $x$. An array here refuses.
# You make a new one, and keep it: a result that is not kept changes nothing, and nobody tells you.
#
# **Why:** values that never change can be shared, compiled and differentiated without asking
# who else holds them.

# %%
with fc.errors.shown(fc.errors.TeachingError, saying="keep the result"), fc.autograd.explain():
    x[0] = 100
x.at[0].set(100)  # dropped: x is still what it was
assert x.tolist() == [7, 4, 3, 2, 6]
changed = fc.tensor.assign(x, 0, 100)
changed = changed.at[4].set(0)  # the same in JAX's own words
assert changed.tolist() == [100, 4, 3, 2, 0]
assert changed[1:4].tolist() == [4, 3, 2]

# %% [markdown]
# For the same reason a slice or a view shares nothing here. In PyTorch it does:
#
# | PyTorch | here | value |
# |---|---|---|
# | `(x[1:4].zero_(), x)[1]` | — | `[7, 0, 0, 0, 6]` |
# | — | `(x[1:4].at[:].set(0), x)[1]` | `[7, 4, 3, 2, 6]` |
# | `x.view(-1, 1)` | `fc.tensor.view(x, -1, 1)` | `[[7], [4], [3], [2], [6]]` |
# | `x.view(2, -1)` | `fc.tensor.view(x, 2, -1)` | `RuntimeError` |
# | `x.tolist()` | `fc.tensor.tolist(x)` | `[7, 4, 3, 2, 6]` |
#
# **Beware of `x.view`:** on a JAX array it reinterprets bits.

# %%
with fc.errors.shown(TypeError, saying="-1"):
    x.view(-1)

# %% [markdown]
# **The text says:** to be added, vectors must have the same shape and the same dtype.
#
# | PyTorch | here | value |
# |---|---|---|
# | `u + v` | `fc.tensor.add(u, v)` | `[1, 1]` |
# | `u + 1` | `fc.tensor.add(u, 1)` | `[2, 1]` |
# | `u + torch.ones(3)` | `fc.tensor.add(u, fc.tensor.ones(3))` | `RuntimeError` |
# | `torch.tensor([1, 2]) + torch.tensor([1.5, 2.5])` | `fc.tensor.add(ints, fc.tensor.tensor([1.5, 2.5]))` | `[2.5, 4.5]` |
# | `2 * torch.tensor([1, 2])` | `fc.tensor.mul(2, ints)` | `[2, 4]` |
# | `torch.tensor([1, 2]) * torch.tensor([3, 2])` | `fc.tensor.mul(ints, fc.tensor.tensor([3, 2]))` | `[3, 4]` |
# | `torch.dot(torch.tensor([1, 2]), torch.tensor([3, 2]))` | `fc.tensor.dot(ints, fc.tensor.tensor([3, 2]))` | `7` |
# | `torch.dot(ints, u)` | `fc.tensor.dot(ints, u)` | `RuntimeError` |
#
# **What happens:** a number is added to each element, and dtypes are promoted. Only products such
# as $u \cdot v = \sum_i u_i v_i$ insist on one dtype and equal lengths.
#
# **Why:** shapes that can be stretched are stretched (lesson 3), and a sum of mixed numbers has an
# obvious dtype.

# %%
u, v = fc.tensor.tensor([1.0, 0.0]), fc.tensor.tensor([0.0, 1.0])
ints = fc.tensor.tensor([1, 2])
assert fc.tensor.add(ints, u).dtype == "float32"

# %% [markdown]
# **The text says:** `x.mean()` is the average of $x = [7, 4, 3, 2, 6]$.
#
# | PyTorch | here | value |
# |---|---|---|
# | `x.mean()` | `fc.tensor.mean(x)` | `RuntimeError` |
# | `x.float().mean()` | `fc.tensor.mean(fc.tensor.cast(x, "float"))` | `4.4` |
# | `(x.sum(), x.max(), x.min())` | `(fc.tensor.sum(x), fc.tensor.max(x), fc.tensor.min(x))` | `(22, 7, 2)` |
# | `tuple(x.max(0))` | `tuple(fc.tensor.max(x, 0))` | `(7, 0)` |
# | `waves.std()` | `fc.tensor.std(waves)` | `1.1547005` |
#
# **What happens:** the mean of integers is refused; cast first. `jnp.mean` gives 4.4, but `jnp.std`
# divides by $n$ where PyTorch divides by $n - 1$.
#
# **Why:** a mean of integers has no integer dtype to be in. Where PyTorch refuses, the library
# refuses too.

# %%
waves = fc.tensor.tensor([1.0, -1.0, 1.0, -1.0])
assert (jnp.mean(x), jnp.std(waves)) == (np.float32(4.4), 1.0)

# %% [markdown]
# ## Universal functions
#
# A universal function acts on each element: $y_i = f(x_i)$. Outside of its domain it gives `inf` or
# `nan`, no error. `linspace` makes evenly spaced values, both ends included; PyTorch insists on
# `steps`.
#
# | PyTorch | here | value |
# |---|---|---|
# | `torch.linspace(-2, 2, steps=5)` | `fc.tensor.linspace(-2, 2, steps=5)` | `[-2, -1, 0, 1, 2]` |
# | `torch.sin(torch.tensor([0, np.pi / 2]))` | `fc.tensor.sin(fc.tensor.tensor([0, np.pi / 2]))` | `[0, 1]` |
# | `torch.exp(torch.tensor([0.0, 1.0]))` | `fc.tensor.exp(fc.tensor.tensor([0, 1]))` | `[1.0, 2.7182817]` |
# | `torch.log(torch.tensor([1, 0, -1]))` | `fc.tensor.log(fc.tensor.tensor([1, 0, -1]))` | `[0, -inf, nan]` |
# | `torch.relu(torch.tensor([-1.0, 2.0]))` | `fc.tensor.relu(fc.tensor.tensor([-1.0, 2.0]))` | `[0, 2]` |

# %%
assert fc.autograd.grad(fc.tensor.abs)(0.0) == 0  # as in PyTorch
assert jax.grad(jnp.abs)(0.0) == 1  # as in plain JAX: kinks differ

# %% [markdown]
# **The text says:** plotting needs a conversion to NumPy, because Matplotlib does not accept
# tensors.
#
# | PyTorch | here | value |
# |---|---|---|
# | `np.asarray(torch.ones(2))` | `np.asarray(fc.tensor.ones(2))` | `[1, 1]` |
# | `np.asarray(torch.ones(2, requires_grad=True))` | — | `RuntimeError` |
#
# **What happens:** it does. Only tensors that require a gradient, or lie on a GPU, must be detached
# and moved first.
#
# **Why:** Matplotlib asks for `np.asarray(x)`, and tensors and arrays answer.

# %%
values = fc.tensor.linspace(-6, 6, steps=200)
curves = {
    "sin x": fc.tensor.sin(values),
    "tanh x": fc.tensor.tanh(values),
    "sigmoid x": fc.tensor.sigmoid(values),
    "relu x / 3": fc.tensor.relu(values) / 3,
}
fc.plot.lines(values, curves, "runs/lessons/02_universal.png", title="Universal functions")

# %% [markdown]
# ## What to remember
#
# - Arrays never change: `x = fc.tensor.assign(x, i, value)`, and keep the result.
# - Read with `fc.tensor.index`: plain JAX clamps an index that is too large, and drops a write.
# - The mean needs floats; 64 bits need `fc.tensor.enable_x64()`.
#
# Exercises: `functorch-course exercise list`, section T.
