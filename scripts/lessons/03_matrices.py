# %% [markdown]
# # 3. Matrices: tensors with two axes
#
# A vector is one point, a matrix is a batch of points: $X \in \mathbb{R}^{N \times D}$ has a row
# for each of $N$ samples and a column for each of $D$ features. Most mistakes with matrices are
# silent. This lesson makes them loud.
#
# Rows: M090–M129

# %%
import jax
import numpy as np

import functorch_course as fc

# %% [markdown]
# **The text says:** a table of four houses (rooms, age, price) is
# $X = [[2, 3, …, 40], [3, 10, …, 50], [4, 34, …, 24]]$.
#
# **What happens:** the first age is 4, the third row mixes houses 3 and 4, one house is missing,
# and the price is among the features though it is what we want to predict.
#
# **Why:** numbers were copied by hand. Split the table instead: features $X$ of shape $(4, 2)$,
# targets $y$ of shape $(4,)$.

# %%
houses = fc.tensor.tensor([[2, 4, 40], [3, 10, 50], [4, 12, 23], [5, 34, 24]])
X, prices = fc.tensor.cast(houses[:, :2], "float"), houses[:, 2]
assert (X.shape, prices.shape, X[:, 1].tolist()) == ((4, 2), (4,), [4, 10, 12, 34])
A = fc.tensor.tensor([[11, 12, 13], [21, 22, 23], [31, 32, 33]])

# %% [markdown]
# ## Axes and elements
#
# Axis 0 runs down the rows: a sum over it leaves one number for each column. `A[i, j]` is the
# element in row $i$ and column $j$; `A[1:3][2]` is not, it asks two rows for a third. PyTorch
# raises, plain JAX takes the last row.
#
# | PyTorch | here | value |
# |---|---|---|
# | `(A.ndimension(), A.shape, A.numel())` | `(A.ndim, A.shape, fc.tensor.numel(A))` | `(2, (3, 3), 9)` |
# | `(A.sum(0), A.sum(1))` | `(fc.tensor.sum(A, 0), fc.tensor.sum(A, 1))` | `([63, 66, 69], [36, 66, 96])` |
# | `A[1, 2]` | `fc.tensor.index(A, (1, 2))` | `23` |
# | `(A[0, 0:2], A[1:3, 2])` | `(A[0, 0:2], A[1:3, 2])` | `([11, 12], [23, 33])` |
# | `A[1:3][2]` | `fc.tensor.index(A[1:3], 2)` | `IndexError` |
# | — | `A[1:3][2]` | `[31, 32, 33]` |
# | `torch.tensor([[1, 2], [3]])` | `fc.tensor.tensor([[1, 2], [3]])` | `ValueError` |
# | `torch.tensor([1, 2, 3.5])` | `fc.tensor.tensor([1, 2, 3.5])` | `[1.0, 2.0, 3.5]` |

# %% [markdown]
# **The text says:** for $(D,)$ instead of $(N, D)$ a layer does not know how many samples there
# are.
#
# | PyTorch | here | value |
# |---|---|---|
# | `torch.nn.Linear(5, 2)(torch.ones(1, 5)).shape` | `fc.nn.Linear(5, 2)(fc.tensor.ones(1, 5)).shape` | `(1, 2)` |
# | `torch.nn.Linear(5, 2)(torch.ones(5)).shape` | `fc.nn.Linear(5, 2)(fc.tensor.ones(5)).shape` | `(2,)` |
# | `torch.nn.Linear(5, 2)(torch.ones(3, 4))` | `fc.tensor.linear(fc.tensor.ones(3, 4), fc.tensor.ones(2, 5))` | `RuntimeError` |
# | `torch.arange(1, 6).view(1, -1)` | `fc.tensor.view(fc.tensor.arange(1, 6), 1, -1)` | `[[1, 2, 3, 4, 5]]` |
#
# **What happens:** one point goes through as well. What fails is a wrong number of features.
#
# **Why:** a layer works on the last axis, $y = x W^T + b$, and leaves all others alone. In JAX you
# write the function of one point, and `jax.vmap` makes the function of a batch.

# %%
weight, bias = fc.tensor.tensor([[1.0, 2.0], [3.0, 4.0], [0.5, 0.0]]), fc.tensor.ones(3)


def point(x):
    return weight @ x + bias


assert np.array_equal(jax.vmap(point)(X), X @ weight.T + bias)  # W is (out, in), as in PyTorch

# %% [markdown]
# ## Two products
#
# `*` multiplies element by element: scaling, masks, gates. `@` is the matrix product,
# $z_{ij} = \sum_k x_{ik} y_{kj}$: every dense layer. An embedding is a product with one-hot rows,
# computed as a look-up.
#
# | PyTorch | here | value |
# |---|---|---|
# | `P * Q` | `fc.tensor.mul(P, Q)` | `[[2, 0], [0, 2]]` |
# | `P @ Q` | `fc.tensor.matmul(P, Q)` | `[[2, 1], [1, 2]]` |
# | `torch.mm(R, S)` | `fc.tensor.mm(R, S)` | `[[0, 2], [0, 2]]` |
# | `torch.tensor([0, 1, 0], dtype=torch.int32) @ S` | `fc.tensor.index(S, 1)` | `[1, 1]` |

# %%
P, Q = fc.tensor.tensor([[1, 0], [0, 1]]), fc.tensor.tensor([[2, 1], [1, 2]])
R, S = fc.tensor.tensor([[0, 1, 1], [1, 0, 1]]), fc.tensor.tensor([[1, 1], [1, 1], [-1, 1]])

# Both libraries bite here: on a square matrix, * for @ is wrong without an error.
square, w = fc.tensor.ones(3, 3), fc.tensor.ones(3)
assert ((square * w).shape, (square @ w).shape) == ((3, 3), (3,))


@fc.tensor.shapes("N D, D -> N")
def predict(x, w):
    return x * w


with fc.errors.shown(RuntimeError, saying="x @ w"):  # the promised shape makes it an error
    predict(square, w)

# %% [markdown]
# **The text says:** two tensors broadcast if their sizes are equal or one of them is 1.
#
# | PyTorch | here | value |
# |---|---|---|
# | `(torch.ones(32, 10) + torch.ones(10)).shape` | `fc.tensor.add(fc.tensor.ones(32, 10), fc.tensor.ones(10)).shape` | `(32, 10)` |
# | `torch.ones(32, 10) + torch.ones(32)` | `fc.tensor.add(fc.tensor.ones(32, 10), fc.tensor.ones(32))` | `RuntimeError` |
#
# **What happens:** $(32, 10)$ and $(32,)$ do not fit, $(32, 10)$ and $(10,)$ do.
#
# **Why:** shapes are aligned from the right, and missing axes in front count as 1. Backwards,
# broadcasting is a sum: the gradient of a bias adds up over the batch.

# %%
batch = fc.tensor.ones(32, 10)
of_bias = fc.autograd.grad(lambda b: fc.tensor.add(batch, b).sum())
assert of_bias(fc.tensor.zeros(10)).tolist() == [32] * 10
scale = fc.tensor.tensor([100.0, 0.5])
fc.plot.broadcasting(X, scale, "runs/lessons/03_broadcasting.png", sign="*")

# %% [markdown]
# **The text says:** a wrong shape breaks the model.
#
# **What happens:** often it does not. Predictions $(4, 1)$ minus targets $(4,)$ are $(4, 4)$: every
# prediction is compared with every target. Below all predictions are right, and the loss is 2.5.
# PyTorch's loss warns, ours refuses.
#
# **Why:** both shapes broadcast, and a mean does not tell how many numbers went in.

# %%
target = fc.tensor.tensor([1.0, 2.0, 3.0, 4.0])
right = fc.tensor.view(target, -1, 1)
assert ((right - target) ** 2).mean() == 2.5
with fc.errors.shown(fc.nn.ShapeMismatchError, saying="(4, 1)"):
    fc.nn.mse_loss(right, target)
fc.plot.broadcasting(right, target, "runs/lessons/03_silent.png", sign="-")

# %% [markdown]
# **The text says:** `from_numpy` shares memory, so changing the array later makes training
# nondeterministic; copy with `torch.tensor`.
#
# | PyTorch | here | value |
# |---|---|---|
# | `(a := np.ones(3), t := torch.from_numpy(a), a.fill(9), t)[-1]` | — | `[9, 9, 9]` |
# | `(a := np.ones(3, "f"), t := torch.tensor(a), a.fill(9), t)[-1]` | `(a := np.ones(3, "f"), t := fc.tensor.from_numpy(a), a.fill(9), t)[-1]` | `[1, 1, 1]` |
#
# **What happens:** in PyTorch it is wrong in the same way each time. In plain JAX it really is a
# matter of luck, because a call returns before it has read the array.
#
# **Why:** `jax.device_put`, and even `jnp.array`, may read NumPy's memory later.
# `fc.tensor.from_numpy` copies it first, or locks it with `share=True`.


# %%
def spoiled(as_array):
    buffer = np.ones((256, 256), np.float32)
    x = as_array(buffer)
    result = jax.jit(fc.tensor.mm)(x, x)
    buffer[:] = 0  # while the product may still be reading
    return bool((result != 256).any())


print("plain JAX: wrong in", sum(spoiled(jax.device_put) for _ in range(50)), "of 50 runs")
assert sum(spoiled(fc.tensor.from_numpy) for _ in range(50)) == 0
fc.tensor.from_numpy(locked := np.ones(3, np.float32), share=True)
with fc.errors.shown(ValueError, saying="read-only"):
    locked[0] = 999

# %% [markdown]
# **The text says:** an image is $(C, H, W)$, a batch is $(N, C, H, W)$, and CNNs expect four axes
# "because of math".
#
# | PyTorch | here | value |
# |---|---|---|
# | `torch.ones(28, 30, 3).permute(2, 0, 1).shape` | `fc.tensor.permute(fc.tensor.ones(28, 30, 3), 2, 0, 1).shape` | `(3, 28, 30)` |
# | `torch.stack([torch.ones(3, 28, 30)] * 4).shape` | `fc.tensor.stack([fc.tensor.ones(3, 28, 30)] * 4).shape` | `(4, 3, 28, 30)` |
# | `torch.nn.Conv2d(3, 2, 3)(torch.ones(3, 8, 8)).shape` | `fc.nn.Conv2d(3, 2, 3)(fc.tensor.ones(3, 8, 8)).shape` | `(2, 6, 6)` |
#
# **What happens:** one image goes through without a batch, and gives the same.
#
# **Why:** layout and batches are conventions; Flax, for one, wants the channels last.

# %%
layer = fc.nn.Conv2d(3, 2, 3)
assert (layer(fc.tensor.ones(1, 3, 8, 8))[0] == layer(fc.tensor.ones(3, 8, 8))).all()

# %% [markdown]
# **The text says:** `loss.backward()` fills `w.grad`, and that is training.
#
# | PyTorch | here | value |
# |---|---|---|
# | `(w.requires_grad_() ** 2).sum().backward() or w.grad` | `gradient` | `[2, 4]` |
# | `torch.nn.functional.cross_entropy(logits, torch.tensor([0]))` | `fc.nn.cross_entropy(logits, fc.tensor.tensor([0]))` | `0.40760595` |
# | `torch.nn.functional.cross_entropy(logits, torch.tensor([3]))` | `fc.nn.cross_entropy(logits, fc.tensor.tensor([3]))` | `IndexError` |
#
# **What happens:** a gradient alone changes nothing. Training is the update that follows.
#
# **Why:** the gradient says in which direction, the optimizer decides how far.

# %%
logits = fc.tensor.tensor([[2.0, 1.0, 0.0]])  # one sample, three classes; its label is an integer
w = fc.tensor.tensor([1.0, 2.0])
gradient = fc.autograd.grad(lambda w: (w**2).sum())(w)
assert w.tolist() == [1, 2]
assert (w - 0.25 * gradient).tolist() == [0.5, 1]

# %% [markdown]
# ## What to remember
#
# - Rows are samples, columns are features, and axis 0 runs down the rows.
# - Shapes align from the right. Compare only equal shapes: $(N, 1)$ against $(N,)$ is silent.
# - `@` multiplies matrices. Copy or lock a NumPy array before you hand it over.
#
# Exercises: `functorch-course exercise list`, section M.
