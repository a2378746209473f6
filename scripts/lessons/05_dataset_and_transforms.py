# %% [markdown]
# # 5. A simple dataset and its transforms
#
# Three parts hand samples to a network. A **dataset** is a function of the index $0 \le i < n$. A
# **transform** is a function of a sample. A **loader** chooses an order and stacks to batches:
#
# $$i \to (x_i, y_i) \to t(x_i, y_i) \to \text{a batch of } t(x_i, y_i), t(x_j, y_j), \dots$$
#
# Rows: O031, S178–S209

# %%
import itertools
import operator
from functools import partial

import jax
import jax.numpy as jnp
import numpy as np

import functorch_course as fc

# %% [markdown]
# ## Two methods make a dataset
#
# `__len__` says how many samples there are, `__getitem__` gives one: a list is a dataset. This is
# the course's toy set. (The text keeps its length in `.length`, then in `.len`. We ask `x`.)


# %%
class Toy:
    """The course's toy_set, x twos and y ones, in arrays of NumPy, jax or torch."""

    def __init__(self, length=100, transform=None, library=np):
        self.x = 2 * library.ones((length, 2), dtype=library.float32)
        self.y = library.ones((length, 1), dtype=library.float32)
        self.transform = transform

    def __len__(self):
        return len(self.x)

    def __getitem__(self, index):
        sample = self.x[index], self.y[index]
        return self.transform(sample) if self.transform else sample


dataset = Toy()

# %% [markdown]
# | PyTorch | here | value |
# |---|---|---|
# | `len(Toy(library=torch))` | `len(dataset)` | `100` |
# | `Toy(library=torch)[0]` | `dataset[0]` | `([2.0, 2.0], [1.0])` |
# | `Toy(library=torch)[-1]` | `dataset[99]` | `([2.0, 2.0], [1.0])` |
# | `Toy(library=torch)[100]` | `dataset[100]` | `IndexError` |
# | `Toy(library=torch)[0:2][1]` | `dataset[0:2][1]` | `[[1.0], [1.0]]` |
# | `list(torch.utils.data.DataLoader([10, 11, 12], 2))` | `list(fc.data.DataLoader([10, 11, 12], 2))` | `[[10, 11], [12]]` |
# | `torch.nn.Linear(2, 1)([2.0, 2.0])` | `fc.nn.Linear(2, 1)([2.0, 2.0])` | `TypeError` |
# | `torch.utils.data.Dataset()[0]` | `fc.data.Dataset()[0]` | `NotImplementedError` |
# | `len(torch.utils.data.Dataset())` | `len(fc.data.Dataset())` | `TypeError` |
# | `torch.utils.data.Dataset(transform=abs)` | `fc.data.Dataset(transform=abs)` | `TypeError` |
#
# The last row is a line of the text. But `Dataset` is a form: your subclass takes a transform.
#
# ## When does the loop end?

# %% [markdown]
# **The text says:** `for x, y in dataset` works, because Python calls `dataset[0]`, `dataset[1]`, …
#
# **What happens:** it ends at the first `IndexError`, whatever `__len__` says. JAX arrays raise
# none: an index beyond the end becomes the last, and the loop goes on for ever. And a mistake that
# raises one looks like the end of the data.
#
# **Why:** a class without `__iter__` falls back on Python's oldest protocol, which knows no length.
# PyTorch's `Dataset` has no `__iter__` either. Ours has one, which takes `len(dataset)` samples.


# %%
class ToySet(Toy, fc.data.Dataset):
    """The same with a base class, whose iteration knows the length."""


assert len(list(itertools.islice(Toy(5, library=jnp), 50))) == 50  # of 5, and no end in sight
assert len(list(ToySet(5, library=jnp))) == 5
third = operator.itemgetter(2)  # a mistake: a sample has two parts
assert list(Toy(5, transform=third)) == []  # not one sample, and nobody is told
with fc.errors.shown(IndexError, saying="tuple index out of range"):
    list(ToySet(5, transform=third))

# %% [markdown]
# ## Transforms are functions
#
# The course's `add_mult` adds to x and multiplies y. A class keeps the two numbers; so does a
# `partial` or a closure, which the text doubts. `Compose` goes from left to right: $t_2(t_1(s))$.

# %%
T = fc.transforms
add_mult = T.AddMultiply(1, 2)
as_partial = partial(lambda add, mul, sample: (sample[0] + add, sample[1] * mul), 1, 2)
times_100 = T.Lambda(lambda sample: (sample[0] * 100, sample[1] * 100))
both = T.Compose([T.AddMultiply(), times_100])
swapped = T.Compose([times_100, T.AddMultiply()])

# %% [markdown]
# | PyTorch | here | value |
# |---|---|---|
# | `add_mult(Toy(library=torch)[0])` | `add_mult(dataset[0])` | `([3.0, 3.0], [2.0])` |
# | `as_partial(Toy(library=torch)[0])` | `as_partial(dataset[0])` | `([3.0, 3.0], [2.0])` |
# | `both(Toy(library=torch)[0])` | `both(dataset[0])` | `([300.0, 300.0], [100.0])` |
# | `swapped(Toy(library=torch)[0])` | `swapped(dataset[0])` | `([201.0, 201.0], [100.0])` |
# | `next(iter(torch.utils.data.DataLoader(Toy(2, library=torch), 2)))[0]` | `next(iter(fc.data.DataLoader(Toy(2), 2)))[0]` | `[[2.0, 2.0], [2.0, 2.0]]` |
# | `next(iter(torch.utils.data.DataLoader(Toy(2, add_mult, torch), 2)))[0]` | `next(iter(fc.data.DataLoader(Toy(2, add_mult), 2)))[0]` | `[[3.0, 3.0], [3.0, 3.0]]` |
# | `add_mult(data_set[0])` | `add_mult(data_set[0])` | `NameError` |
#
# (The last row is a slip of the text: its dataset is called `dataset`.) A transform called by hand
# changes what you look at, not what the loader sees. Give it to the dataset.

# %% [markdown]
# **The text says:** the data is not modified permanently, as the transform works on access.
#
# **What happens:** `x += 1` writes into the dataset, in PyTorch and in NumPy, and the second look
# at a sample differs from the first.
#
# **Why:** indexing gives a view of the same memory. Only a transform that makes new arrays is safe;
# for JAX arrays there is no other kind.


# %%
def in_place(sample):
    x, y = sample
    x += 1
    return x, y


def two_looks(library):
    dataset = Toy(transform=in_place, library=library)
    return [dataset[0][0][0].item() for _ in range(2)]


assert two_looks(jnp) == [3, 3]

# %% [markdown]
# | PyTorch | here | value |
# |---|---|---|
# | `two_looks(torch)` | `two_looks(np)` | `[3.0, 4.0]` |
#
# ## Chance

# %% [markdown]
# **The text says:** every access is fresh and deterministic.
#
# **What happens:** a random transform makes it fresh, and then it is not deterministic: what
# becomes of a sample depends on how many were drawn before it, and on which worker drew them.
#
# **Why:** all share one stream of random numbers. You get both at once if a sample's numbers follow
# from (seed, epoch, index) alone, and that is what our loader gives to transforms.


# %%
def epochs(batch_size):
    noisy = Toy(transform=lambda sample: sample[0] + fc.random.randn(2))
    loader = fc.data.DataLoader(noisy, batch_size, generator=fc.Generator(0))
    return [np.concatenate(list(loader)).tolist() for _ in range(2)]


first, second = epochs(batch_size=8)
assert first != second  # each epoch is fresh
assert [first, second] == epochs(batch_size=7)  # and follows from the seed

# %% [markdown]
# In JAX itself a key is a value, and using it does not change it. Use it twice, and the numbers are
# the same: all samples are mirrored, or none. `fold_in` makes a new key of a key and a number.


# %%
def reused(count):
    key = jax.random.key(0)
    return [bool(jax.random.bernoulli(key)) for _ in range(count)]


def coin(epoch, index):
    key = jax.random.fold_in(jax.random.key(0), epoch)
    return jax.random.bernoulli(jax.random.fold_in(key, index))


assert len(set(reused(20))) == 1
with jax.debug_key_reuse(True), fc.errors.shown(jax.errors.KeyReuseError, saying="consumed key"):
    reused(2)
coins = jax.vmap(jax.vmap(coin, (None, 0)), (0, None))(jnp.arange(12), jnp.arange(60))
assert (coins[3, 5], 0.4 < coins.mean() < 0.6) == (coin(3, 5), True)

# %% [markdown]
# ## Batches in a new order
#
# `shuffle=True` takes every sample once an epoch, each time in a new order: PyTorch's, of its seed.
#
# | PyTorch | here | value |
# |---|---|---|
# | `[i.item() for i in torch.utils.data.DataLoader(range(10), shuffle=True, generator=torch.Generator().manual_seed(0))]` | `[i.item() for i in fc.data.DataLoader(range(10), shuffle=True, generator=fc.Generator(0))]` | `[3, 7, 5, 2, 0, 8, 1, 6, 9, 4]` |
# | `[len(x) for x in torch.utils.data.DataLoader(range(100), 32)]` | `[len(x) for x in fc.data.DataLoader(range(100), 32)]` | `[32, 32, 32, 4]` |
# | `len(torch.utils.data.DataLoader(dataset, 32, drop_last=True))` | `len(fc.data.DataLoader(dataset, 32, drop_last=True))` | `3` |

# %%
loader = fc.data.DataLoader(range(60), batch_size=60, shuffle=True, generator=fc.Generator(0))
orders = np.array([next(iter(loader)) for _ in range(12)])
assert (np.sort(orders) == np.arange(60)).all()  # each epoch takes every sample once
panels = {
    "When a sample's turn comes, with shuffle=True": orders.argsort(axis=1),
    "Mirrored or not: one key for all": np.full((12, 60), reused(1)),
    "Mirrored or not: a key for each epoch and sample": coins,
}
fc.plot.matrices(panels, "runs/lessons/05_chance.png", xlabel="sample", ylabel="epoch")

# %% [markdown]
# ## What to remember
#
# - A dataset is `__len__` and `__getitem__`; take a base class whose iteration knows the length.
# - Transforms make new arrays, belong to the dataset, and are composed from left to right.
# - Chance that follows from (seed, epoch, index) is fresh and repeats. Use a key once.
#
# Exercises: `functorch-course exercise list`, section S.
