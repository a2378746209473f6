# %% [markdown]
# # 4. Differentiation: gradients and how they are used
#
# To learn is to ask of every parameter: if I change you a little, how does the loss change? The
# answer is the derivative. It is computed neither by symbols nor by small differences: each
# operation brings its rule, and the chain rule puts them together. In PyTorch tensors remember how
# they came about; here you differentiate a function.
#
# Rows: D130–D177

# %%
import jax
import numpy as np

import functorch_course as fc


def square(x):
    return x**2


x = fc.tensor.tensor(2.0)
places = fc.tensor.linspace(-1, 3, steps=81)
slopes = jax.vmap(fc.autograd.grad(square))(places)
fc.plot.tangent(places, square(places), slopes, 2.0, "runs/lessons/04_tangent.png", name="x^2")

# %% [markdown]
# The slope of $x^2$ at 2 is 4, because $\frac{d}{dx} x^2 = 2x$ (the text writes "derivative of
# x²×2" for this rule).
#
# | PyTorch | torch.func | here | value |
# |---|---|---|---|
# | `square(x.requires_grad_()).backward() or x.grad` | `torch.func.grad(square)(x)` | `fc.autograd.grad(square)(2.0)` | `4.0` |
# | `x.grad` | — | — | `None` |
# | `(x.is_leaf, square(x.requires_grad_()).is_leaf)` | — | `[node.is_leaf for node in fc.graph.graph(square)(x).nodes]` | `[True, False]` |
# | `square(torch.tensor(2, requires_grad=True))` | — | `fc.autograd.grad(square)(2)` | `RuntimeError` |
# | `square(x).backward()` | — | `fc.autograd.grad(lambda x: x > 0)(x)` | `RuntimeError` |
# | `square(x.requires_grad_()).grad_fn.name()` | — | `fc.graph.graph(square)(x).grad_fn.name` | `'PowBackward0'` |
# | `isinstance(square(x.requires_grad_()).grad_fn, torch.autograd.Function)` | — | — | `False` |

# %% [markdown]
# ## The graph
#
# Nodes are operations, edges are values, leaves are inputs: a graph without cycles. Forward it is
# walked from the leaves to the loss, backward from the loss, whose gradient is 1, to the leaves. A
# product hands each factor the other one.

# %%
a, b = fc.tensor.tensor([2.0]), fc.tensor.tensor([3.0])


def exponential(a, b):
    return fc.tensor.exp(a * b)


drawn = fc.graph.graph(exponential)(a, b)
drawn.save("runs/lessons/04_graph.png")
drawn

# %% [markdown]
# | PyTorch | here | value |
# |---|---|---|
# | `torch.exp(a * b)` | `exponential(a, b)` | `[403.4288]` |
# | `torch.exp(a.requires_grad_() * b).backward() or a.grad` | `fc.autograd.grad(exponential, "a")(a, b)` | `[1210.2864]` |
# | `torch.exp(a * b.requires_grad_()).backward() or b.grad` | `fc.autograd.grad(exponential, "b")(a, b)` | `[806.8576]` |
# | `torch.exp(a.requires_grad_() * b).grad_fn.next_functions[0][0].name()` | `drawn.grad_fn.next_functions[0][0].name` | `'MulBackward0'` |
#
# The graph is made anew at each call, so Python's `if` may look at values. Compiled code is made
# once for each shape: there `if` cannot look, and a last batch of another size compiles once more.


# %%
def branch(x):
    return x**2 if x > 0 else -x


assert (fc.autograd.grad(branch)(2.0), fc.autograd.grad(branch)(-2.0)) == (4, -1)
with fc.errors.shown(fc.errors.TeachingError, saying="jnp.where"), fc.autograd.explain():
    jax.jit(branch)(2.0)
compiled = []
total = jax.jit(lambda x: compiled.append(x.size) or x.sum())
for size in (32, 32, 32, 4):
    total(fc.tensor.ones(size))
assert compiled == [32, 4]

# %% [markdown]
# **The text says:** gradients accumulate, so `y.backward(); y.backward()` makes `x.grad` 8.
#
# | PyTorch | here | value |
# |---|---|---|
# | `(y := square(x.requires_grad_()), y.backward(), y.backward())` | — | `RuntimeError` |
# | `(y := square(x.requires_grad_()), y.backward(retain_graph=True), y.backward(), x.grad)[-1]` | `fc.autograd.accumulate(pull(1.0), pull(1.0))[0]` | `8.0` |
#
# **What happens:** the second call raises. It is 8 with `retain_graph=True`, or if $y$ is computed
# again.
#
# **Why:** the first call frees what the graph had saved. The function that `vjp` returns may
# be called as often as you like. Nothing is added up unless you do it, so there is no `zero_grad`
# either.

# %%
value, pull = fc.autograd.vjp(square, 2.0)
accumulator, seen = fc.autograd.Accumulator(), []
for _ in range(3):
    accumulator = accumulator.add(pull(1.0)[0])
    seen.append(float(accumulator.total))
assert seen == [4.0, 8.0, 12.0]
with fc.errors.shown(RuntimeError, saying="no stored gradient to forget"):
    fc.autograd.zero_grad()

# %% [markdown]
# ## Several inputs, several outputs
#
# $f(u, v) = uv + u^2$ has $\frac{\partial f}{\partial u} = v + 2u$ and
# $\frac{\partial f}{\partial v} = u$. A function with several outputs has no single gradient: you
# give a weight for each output and get $v^T J$. A loss is one number, its weight 1. And `tap` is
# what `retain_grad` is in PyTorch: the gradient of a value inside.
#
# | PyTorch | torch.func | here | value |
# |---|---|---|---|
# | `f(u.requires_grad_(), v.requires_grad_()).backward() or (u.grad, v.grad)` | `torch.func.grad(f, (0, 1))(u, v)` | `fc.autograd.grad(f, ("u", "v"))(u, v)` | `(4, 1)` |
# | — | `torch.func.grad(lambda t: f(t, 2 * t))(u)` | `fc.autograd.grad(lambda t: f(t, 2 * t))(u)` | `6` |
# | `square(xs.requires_grad_()).backward(torch.ones(3)) or xs.grad` | `torch.func.vjp(square, xs)[1](torch.ones(3))[0]` | `fc.autograd.backward(square, xs, gradient=fc.tensor.ones(3))` | `[2, 4, 6]` |
# | `square(xs.requires_grad_()).backward(weights) or xs.grad` | `torch.func.vjp(square, xs)[1](weights)[0]` | `fc.autograd.backward(square, xs, gradient=weights)` | `[2, 40, 600]` |
# | `(y := square(x.requires_grad_()), y.retain_grad(), (y + x).backward(), y.grad)[-1]` | — | `fc.autograd.tapped_gradients(lambda x: fc.autograd.tap(x**2, "y") + x)(2.0)["y"]` | `1` |
# | `square(xs.requires_grad_()).backward()` | — | `fc.autograd.backward(square, xs)` | `RuntimeError` |
# | `square(xs.requires_grad_()).backward(torch.ones(2))` | — | `fc.autograd.backward(square, xs, gradient=fc.tensor.ones(2))` | `RuntimeError` |

# %%
u, v = fc.tensor.tensor(1.0), fc.tensor.tensor(2.0)
xs, weights = fc.tensor.tensor([1.0, 2.0, 3.0]), fc.tensor.tensor([1.0, 10.0, 100.0])


def f(u, v):
    return u * v + u**2


# %% [markdown]
# ## Gradients that stop
#
# `detach` makes a constant on purpose. `.item()` makes one by accident, in PyTorch and in plain JAX
# alike: the slope of $x \cdot x$ comes out as 2 instead of 4. A frozen parameter is not
# differentiated. And because the chain rule multiplies, gradients of deep chains vanish or explode.
#
# | PyTorch | torch.func | here | value |
# |---|---|---|---|
# | `(square(x.requires_grad_()).detach() + x).backward() or x.grad` | `torch.func.grad(lambda x: square(x).detach() + x)(x)` | `fc.autograd.grad(lambda x: fc.autograd.detach(square(x)) + x)(2.0)` | `1` |
# | — | `torch.func.grad(lambda x: x.abs().mean())(xs)` | `fc.autograd.grad(lambda x: fc.tensor.abs(x).mean())(xs)` | `[0.333333, 0.333333, 0.333333]` |
# | `(x.requires_grad_() * x.item()).backward() or x.grad` | — | `jax.grad(lambda x: x * x.item())(2.0)` | `2` |

# %%
with fc.errors.shown(RuntimeError, saying="gradient through it is lost"):
    fc.autograd.grad(lambda x: x * x.item())(2.0)

theta = {"w": fc.tensor.ones(), "b": fc.tensor.ones()}
frozen = fc.autograd.grad(lambda p: (q := fc.autograd.freeze(p, "w"))["w"] * q["b"])(theta)
assert frozen == {"w": 0, "b": 1}


def ten_sigmoids(x):
    for _ in range(10):
        x = fc.tensor.sigmoid(x)
    return x


slopes = {"sigmoids": fc.autograd.grad(ten_sigmoids)(1.0)}
slopes["weights"] = fc.autograd.grad(lambda x: x * 1.5**20)(1.0)
print(fc.autograd.gradient_report(slopes))
assert np.allclose([*slopes.values()], [2.7848e-07, 3325.257], rtol=1e-4, atol=0)

# %% [markdown]
# **The text says:** a training loop is `output`, `loss`, `loss.backward()`, `optimizer.step()`.
#
# **What happens:** run literally, it never converges. A line $y = -3x + 1$ is fitted here from
# $w = -15$, $b = -10$ by 20 steps. With fresh gradients the loss falls from 540.038 to 0.0267843,
# at $w = -3.00327$, $b = 0.86899$. With gradients that add up it is about 555 after 20 steps.
#
# **Why:** the loop has no `zero_grad()`, which the text itself calls necessary a few sections
# before. Old gradients go on pushing like a mass without friction.

# %%
data = fc.tensor.arange(-3, 3, 0.1)


def loss(w, b):
    return ((w * data + b - (-3 * data + 1)) ** 2).mean()


slope = jax.jit(fc.autograd.value_and_grad(loss, ("w", "b")))


def fit(steps, forget_to_zero):
    w, b, kept, way, losses = -15.0, -10.0, None, [], []
    for _ in range(steps):
        value, gradient = slope(w, b)
        kept = fc.autograd.accumulate(kept if forget_to_zero else None, gradient)
        way.append((w, b))
        losses.append(float(value))
        w, b = w - 0.1 * kept[0], b - 0.1 * kept[1]
    return float(w), float(b), losses, way


w, b_end, losses, way = fit(20, forget_to_zero=False)
assert np.allclose([w, b_end, losses[0], losses[-1]], [-3.00327, 0.86899, 540.038, 0.0267843], 1e-5)
_, _, swinging, lost = fit(20, forget_to_zero=True)
assert round(swinging[-1]) == 555
across, up = fc.tensor.linspace(-18, 12, 90), fc.tensor.linspace(-12, 12, 80)
surface = jax.vmap(lambda b: jax.vmap(lambda w: loss(w, b))(across))(up)
ways = {"fresh gradients": fc.tensor.tensor(way), "gradients added up": fc.tensor.tensor(lost)}
fc.plot.descent(across, up, surface, ways, "runs/lessons/04_descent.png", title="Two runs")

# %% [markdown]
# ## What to remember
#
# - `fc.autograd.grad(f)(x)` returns the gradient. Nothing is stored, nothing adds up by itself.
# - One number is differentiated; several outputs need a weight each: `backward(f, x, gradient=v)`.
# - Compute with arrays inside of `f`; `.item()` belongs outside.
#
# Exercises: `functorch-course exercise list`, section D.
