# %% [markdown]
# # 2. Vectors: tensors with one axis
#
# Rows: T034–T089
#
# A vector is a tensor with one axis: a list of numbers of one dtype, which never changes.

# %%
import functorch_course as fc

x = fc.tensor.tensor([7, 4, 3, 2, 6])
angles = fc.tensor.linspace(0, 6.28, steps=100)
fc.plot.lines(angles, {"sin x": fc.tensor.sin(angles)}, "runs/lessons/02_sine.png", title="A wave")

# %% [markdown]
# | PyTorch | here | value |
# |---|---|---|
# | `x.sum()` | `fc.tensor.sum(x)` | `22` |
# | `x[5]` | `fc.tensor.index(x, 5)` | `IndexError` |

# %% [markdown]
# ## What to remember
#
# - Arrays are values. Keep what a function returns.
#
# Exercises: `functorch-course exercise list`.
