# %% [markdown]
# # 7. From a dataset to a trained linear model
#
# Training repeats four steps, batch after batch. With parameters $\theta$ and learning rate $\eta$:
#
# $$\hat y = f_\theta(x), \qquad L = \ell(\hat y, y), \qquad g = \frac{\partial L}{\partial \theta},
# \qquad \theta \leftarrow \theta - \eta\, g$$
#
# Here they are a pure function from a state to the next, and XLA compiles that function.
#
# Rows: O023–O026, O032–O033, D130, D171, S210–S211

# %%
import json

import jax
import jax.numpy as jnp
import numpy as np

import functorch_course as fc

# %% [markdown]
# ## The four steps
#
# The course's line is $y = -3x + 1$. The search begins far away, at slope $-15$ and bias $-10$.

# %%
x = np.arange(60, dtype=np.float32)[:, None] * np.float32(0.1) - np.float32(3)
y = -3 * x + 1


def line(parameters, x):
    slope, bias = parameters
    return slope * x + bias


def loss_at(parameters, x, y):
    return ((line(parameters, x) - y) ** 2).mean()


begin = jnp.array([-15.0, -10.0])
loss, gradient = jax.value_and_grad(loss_at)(begin, x, y)  # steps 1 to 3
after = begin - 0.1 * gradient  # step 4

# %% [markdown]
# | PyTorch | torch.func | here | value |
# |---|---|---|---|
# | `loss_at(begin, x, y)` | `loss_at(begin, x, y)` | `loss_at(begin, x, y)` | `540.038` |
# | `torch.autograd.grad(loss_at(p := begin.clone().requires_grad_(), x, y), p)[0]` | `torch.func.grad(loss_at)(begin, x, y)` | `gradient` | `[-70.94, -20.8]` |
# | `begin - 0.1 * gradient` | `begin - 0.1 * gradient` | `after` | `[-7.906, -7.92]` |
#
# `make_step` makes one function of the four steps for any model, loss and optimizer. It takes the
# state and gives the next; no gradient is kept anywhere, so there is nothing to set to zero.

# %%
model = fc.training.Functional(line, begin)
sgd = fc.optim.SGD(lr=0.1)
step = jax.jit(fc.training.make_step(model, fc.nn.mse_loss, sgd))
state = fc.training.start(model, sgd)
for turn in range(20):
    state, value = step(state, x, y)
    if turn == 0:
        np.testing.assert_allclose([value, *state.parameters], [loss, *after], rtol=1e-6)
np.testing.assert_allclose(value, 0.0267843, rtol=1e-4)  # the loss that step 20 saw
np.testing.assert_allclose(state.parameters, [-3.00327, 0.86899], rtol=1e-5)

# %% [markdown]
# **The text says:** train by `for x, y in loader: output = model(x); loss = criterion(output, y)`;
# and without a `Dataset` with transforms this loop breaks.
#
# **What happens:** the loop computes losses and learns nothing. And it runs as well over a list.
#
# **Why:** steps 3 and 4 are missing. And a loop does not ask where its batches come from.

# %%
points = fc.data.TensorDataset(x, y)
loader = fc.data.DataLoader(points, batch_size=20)
for inputs, targets in loader:
    output = line(begin, inputs)
    loss = fc.nn.mse_loss(output, targets)
assert begin.tolist() == [-15, -10]

for batches in (loader, list(loader)):
    trained, history = fc.training.fit(model, batches, fc.nn.mse_loss, sgd, epochs=30)
    np.testing.assert_allclose(trained.parameters, [-3, 1], atol=1e-3)

# %% [markdown]
# ## Where it should end
#
# A line through noisy points has a best answer without any search. With a column of ones,
# $A = (x, 1)$, the squared error is smallest where its gradient is zero: $A^T A\,\theta = A^T y$.
# With all points in each batch gradient descent ends there; with small batches it ends nearby.

# %%
noisy = y + np.float32(0.5) * fc.random.randn(60, 1, generator=fc.Generator(0))
A = np.hstack([x, np.ones_like(x)])
best = np.linalg.solve(A.T @ A, A.T @ noisy).ravel()


def fitted(batch_size):
    fc.manual_seed(1)
    model = fc.nn.LinearRegression(1, 1)  # the weights of nn.Linear(1, 1)
    loader = fc.data.DataLoader(fc.data.TensorDataset(x, noisy), batch_size, shuffle=True)
    trained, _ = fc.training.fit(model, loader, fc.nn.mse_loss, fc.optim.SGD(lr=0.05), epochs=200)
    return np.concatenate([trained.linear.weight[0], trained.linear.bias])


np.testing.assert_allclose(fitted(60), best, atol=1e-5)
assert 0.01 < abs(fitted(6) - best).max() < 0.1

# %% [markdown]
# ## What makes XLA compile again
#
# `jax.jit` runs the Python code once for each new *kind* of arguments: shapes, dtypes, constants.
# After that only the compiled program runs. So a list that the code appends to counts compilations.

# %%
compiled = []


def counting(outputs, targets):
    compiled.append(len(targets))
    return fc.nn.mse_loss(outputs, targets)


def compilations(**options):
    compiled.clear()
    step = jax.jit(fc.training.make_step(model, counting, sgd))
    state = fc.training.start(model, sgd)
    for batch in fc.data.DataLoader(points, batch_size=16, **options):
        inputs, targets = batch.batch if options.get("pad_last") else batch
        state, _ = step(state, inputs, targets)
    return list(compiled)


assert compilations() == [16, 12]  # 60 = 3 · 16 + 12: the last batch compiles once more
assert compilations(drop_last=True) == [16]
assert compilations(pad_last=True) == [16]  # filled up, with a mask that says which rows count


def descend(rate, parameters):
    compiled.append("descend")
    return parameters - rate * jax.grad(loss_at)(parameters, x, y)


constant, argument = jax.jit(descend, static_argnums=0), jax.jit(descend)
for program, expected in ((constant, 3), (argument, 1)):
    compiled.clear()
    for rate in (0.1, 0.05, 0.025):
        program(rate, begin)
    assert len(compiled) == expected

# %% [markdown]
# ## Images: softmax regression
#
# The same four steps train $W$ and $b$ of $z = Wx + b$ on 6,000 images of clothing, with the
# cross-entropy $-\log \mathrm{softmax}(z)_y$. Two engines do the work. One compiles the update and
# takes batch after batch from the loader. The other puts all the data on the device and makes the
# whole epoch one call. The batches are the same, and the losses equal to rounding.

# %%
T = fc.transforms
transform = T.Compose([T.ToTensor(), T.Normalize((0.2860,), (0.3530,))])
train, test = (fc.datasets.FashionMNISTSample(part, transform) for part in (True, False))
assert len(train) == 6000


def train_with(engine):
    fc.manual_seed(0)
    return fc.training.fit(
        fc.nn.SoftmaxRegression(784, 10),
        fc.data.DataLoader(train, batch_size=64, shuffle=True),
        fc.nn.cross_entropy,
        fc.optim.SGD(lr=0.002, momentum=0.9),
        epochs=5,
        validation=fc.data.DataLoader(test, batch_size=1000),
        metrics={"accuracy": fc.training.accuracy},
        compile=engine,
    )


(trained, history), by_steps = train_with("epoch"), train_with("step")
np.testing.assert_allclose(history.step_losses, by_steps.history.step_losses, rtol=1e-5)
assert 0.82 < history.epochs[-1].validation_metrics["accuracy"] < 0.84
fc.plot.loss_curve(history, "runs/lessons/07_loss.png")

# %% [markdown]
# A row of $W$ has a number for each pixel, so it is an image: what speaks for a class, or against.

# %%
weight = np.asarray(trained.linear.weight)
fc.plot.weight_images(weight, (28, 28), train.classes, "runs/lessons/07_weights.png")

# %% [markdown]
# ## Stop, and go on
#
# A loader can say where it stands within an epoch, in a few numbers that JSON can hold, and another
# goes on with the very next batch. `fit(…, checkpoints=…, resume="auto")` keeps that together with
# parameters and optimizer: a run that was killed ends as if it had not been.


# %%
def new_loader():
    return fc.data.DataLoader(train, batch_size=64, shuffle=True, generator=fc.Generator(7))


whole = [targets.tolist() for _, targets in new_loader()]
first, second = new_loader(), new_loader()
seen = [targets.tolist() for _, (_, targets) in zip(range(10), first, strict=False)]
second.load_state_dict(json.loads(json.dumps(first.state_dict())))
assert seen + [targets.tolist() for _, targets in second] == whole

# %% [markdown]
# ## What to remember
#
# - Outputs, loss, gradient, update: `make_step` makes one pure function of them, `fit` repeats it.
# - XLA compiles for each shape and constant: pad or drop the last batch, pass numbers as arguments.
# - A linear model has an exact answer: check the training against it.
#
# Exercises: `functorch-course exercise list`, sections D and S.
