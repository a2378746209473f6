# %% [markdown]
# # 1. An overview: tensors, parameters, gradients, data
#
# A neural network is a function $f_\theta: \mathbb{R}^n \to \mathbb{R}^m$. Its parameters $\theta$
# are numbers, its inputs and outputs are numbers, and a tensor is how we write them down. In
# PyTorch the parameters hide inside the model. Here they are an argument like any other, so code
# and formula look alike.
#
# Rows: O001–O033

# %%
import time

import jax
import numpy as np
from PIL import Image

import functorch_course as fc

theta = {
    "weight": fc.tensor.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]),
    "bias": fc.tensor.tensor([0.5, -0.5]),
}
x = fc.tensor.ones(3)


def network(theta, x):
    return fc.tensor.linear(x, theta["weight"], theta["bias"])  # y = W x + b


assert network(theta, x).tolist() == [6.5, 14.5]

# %% [markdown]
# ## Rank and shape
#
# The rank of a tensor is how many axes it has, the shape how long each is: a number has rank 0, a
# vector 1, a matrix 2, a colour image 3, a batch of images 4, a batch of videos 5.
#
# | PyTorch | here | value |
# |---|---|---|
# | `torch.tensor(555).ndim` | `fc.tensor.ndimension(fc.tensor.tensor(555))` | `0` |
# | `torch.tensor([1, 2, 3]).shape` | `fc.tensor.size(fc.tensor.tensor([1, 2, 3]))` | `(3,)` |
# | `torch.zeros(2, 3).ndim` | `fc.tensor.zeros(2, 3).ndim` | `2` |
# | `torch.zeros(8, 3, 28, 30).ndim` | `fc.tensor.zeros(8, 3, 28, 30).ndim` | `4` |
# | `theta["weight"] @ x + theta["bias"]` | `network(theta, x)` | `[6.5, 14.5]` |
# | `theta["weight"] * 2` | `fc.tensor.mul(theta["weight"], 2)` | `[[2, 4, 6], [8, 10, 12]]` |
# | `theta["weight"].mean()` | `fc.tensor.mean(theta["weight"])` | `3.5` |
# | `theta["weight"].view(-1)[2:4]` | `fc.tensor.view(theta["weight"], -1)[2:4]` | `[3, 4]` |

# %% [markdown]
# **The text says:** a colour image is $H \times W \times 3$ and a batch
# $N \times H \times W \times C$. Later it says $(C, H, W)$ and $(N, C, H, W)$.
#
# **What happens:** both exist. PIL and NumPy put the channels last, PyTorch puts them first, and
# PIL's `size` even begins with the width.
#
# **Why:** the order of axes is a convention. So name it where it changes.

# %%
image = Image.new("RGB", (30, 28))
assert (image.size, np.asarray(image).shape) == ((30, 28), (28, 30, 3))
assert fc.transforms.ToTensor()(image).shape == (3, 28, 30)
assert fc.tensor.permute(fc.tensor.zeros(4, 3, 28, 30), 0, 2, 3, 1).shape == (4, 28, 30, 3)

# %% [markdown]
# ## Why a network is not one matrix
#
# Two linear layers after each other are one:
# $W_2(W_1 x + b_1) + b_2 = (W_2 W_1)\,x + (W_2 b_1 + b_2)$. A nonlinearity between them is what
# makes the second layer worth having.

# %%
second, bias = fc.tensor.tensor([[1.0, -1.0]]), fc.tensor.tensor([2.0])
signs = fc.tensor.tensor([-1.0, 1.0, -1.0])
two = fc.tensor.linear(network(theta, signs), second, bias)
product = {"weight": second @ theta["weight"], "bias": second @ theta["bias"] + bias}
one = network(product, signs)
bent = fc.tensor.linear(fc.tensor.relu(network(theta, signs)), second, bias)
assert (two.tolist(), one.tolist(), bent.tolist()) == ([6.0], [6.0], [2.0])

# %% [markdown]
# **The text says:** a tensor is an array with fast operations *and automatic differentiation*.
#
# **What happens:** an array here has no `.backward`. JAX lets you write a mark on it, and ignores
# it. The library refuses the mark wherever it meets one.
#
# **Why:** differentiation belongs to functions. You say what is differentiated where you ask for
# the gradient.

# %%
with fc.errors.shown(fc.errors.TeachingError, saying="O017"):
    fc.tensor.tensor(2.0, requires_grad=True)
with fc.errors.shown(fc.errors.TeachingError, saying="grad(f)(x)"), fc.autograd.explain():
    x.backward()
marked = fc.tensor.tensor(2.0)
marked.requires_grad = True  # plain JAX says nothing
with fc.errors.shown(fc.errors.TeachingError, saying="was written on an array"):
    fc.autograd.grad(lambda x: x**2)(marked)

# %% [markdown]
# ## Learning in four steps
#
# Forward, loss, backward, update:
# $\theta \leftarrow \theta - \eta \frac{\partial L}{\partial \theta}$. The first three are one
# call. Gradients have the form of the parameters. Reverse mode (`grad`) and forward mode (`jvp`)
# agree.

# %%
w = fc.tensor.tensor(2.0)


def loss(w):
    return (3 * w - 1) ** 2


def distance(theta):
    return fc.nn.mse_loss(network(theta, x), fc.tensor.zeros(2))


gradient = fc.autograd.grad(distance)(theta)
assert jax.tree.map(np.shape, gradient) == jax.tree.map(np.shape, theta)
stepped = jax.tree.map(lambda p, g: p - 0.01 * g, theta, gradient)
assert distance(stepped) < distance(theta)

drawn = fc.graph.graph(distance)(theta)
drawn.save("runs/lessons/01_network.png")
drawn

# %% [markdown]
# | PyTorch | torch.func | here | value |
# |---|---|---|---|
# | `loss(w.requires_grad_()).backward() or w.grad` | `torch.func.grad(loss)(w)` | `fc.autograd.grad(loss)(2.0)` | `30` |
# | `(3 * w - 1) ** 2` | `torch.func.grad_and_value(loss)(w)[1]` | `fc.autograd.value_and_grad(loss)(2.0)[0]` | `25` |
# | `torch.autograd.functional.jvp(loss, w)[1]` | — | `fc.autograd.jvp(loss, [2.0], [1.0])[1]` | `30` |
#
# Operations form the graph above, forwards with values, backwards with gradients. PyTorch records
# it only where an input requires a gradient; here it is drawn on request, for any function. The
# learning rate is an ordinary number. As an argument of a compiled step it costs nothing to change.

# %%
traces = []


@jax.jit
def step(w, rate):
    traces.append(rate.shape)  # runs only while the step is compiled
    return w - rate * fc.autograd.grad(lambda w: w**2)(w)


assert [float(step(1.0, rate)) for rate in (0.5, 0.25, 0.125)] == [0.0, 0.5, 0.75]
assert len(traces) == 1

# %% [markdown]
# **The text says:** parameters are registered automatically, and updated during optimization.
#
# **What happens:** only what is a `Parameter` is registered, and only what the optimizer is given
# moves.
#
# **Why:** a plain array is data. Being registered means to have a name, not to be trained.

# %%
layer = fc.nn.Linear(3, 2)
layer.scale = fc.tensor.ones(2)
assert [name for name, _ in fc.nn.named_parameters(layer)] == ["weight", "bias"]
trained, kept = {"w": fc.tensor.ones()}, {"v": fc.tensor.ones()}
gradient = fc.autograd.grad(lambda trained: trained["w"] * kept["v"])(trained)
optimizer = fc.optim.SGD(lr=0.1)
updates, _ = optimizer.update(gradient, optimizer.init(trained), trained)
moved = jax.tree.map(fc.tensor.add, trained, updates)
assert (moved["w"], kept["v"]) == (np.float32(0.9), 1)

# %% [markdown]
# ## Where tensors live, and when they are ready
#
# PyTorch starts on the CPU; JAX starts on the accelerator if there is one. NumPy sees an array on
# the CPU without a copy, and read-only. JAX returns from a call *before* the work is done: whoever
# measures must wait.

# %%
view = fc.tensor.to_numpy(x)
with fc.errors.shown(ValueError, saying="read-only"):
    view[0] = 5
with fc.errors.shown(RuntimeError, saying="nonsense"):
    jax.devices("nonsense")

big = fc.tensor.ones(1000, 1000)
multiply = jax.jit(fc.tensor.mm)
multiply(big, big).block_until_ready()  # compiled once, before the clock starts
started = time.perf_counter()
result = multiply(big, big)
called = time.perf_counter() - started
result.block_until_ready()
done = time.perf_counter() - started
print(f"the call returned after {called / done:.0%} of the time that the product took")
assert result.is_ready()

# %% [markdown]
# ## From data to a network
#
# A dataset has two methods, `__len__` and `__getitem__`. A loader makes batches of it: raw data →
# dataset → loader → batches → network. The last batch may be smaller.

# %%
with fc.errors.shown(NotImplementedError, saying="__getitem__"):
    fc.data.Dataset()[0]
samples = fc.data.TensorDataset(np.ones((100, 2), np.float32), np.ones((100, 1), np.float32))
shapes = [(x.shape, y.shape) for x, y in fc.data.DataLoader(samples, batch_size=32)]
assert shapes == [((32, 2), (32, 1))] * 3 + [((4, 2), (4, 1))]

# %% [markdown]
# ## What to remember
#
# - A network is a function of parameters and input; gradients have the form of the parameters.
# - Differentiation belongs to functions: `fc.autograd.grad(f)(x)`.
# - Calls return early. Before you time anything, `block_until_ready()`.
#
# Exercises: `functorch-course exercise list`, section O.
