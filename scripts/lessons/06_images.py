# %% [markdown]
# # 6. Image datasets and pipelines in torchvision's style
#
# Images lie on a disk, and often too many of them for the memory. So a dataset keeps the table of
# names and labels, and opens an image when it is asked for it:
#
# $$i \to \text{name, label} \to \text{PIL image} \to \text{transforms} \to (C, H, W) \to
# \text{batch } (N, C, H, W) \to \text{model}$$
#
# Rows: O008–O011, I212–I243

# %%
import csv
from pathlib import Path

import jax.numpy as jnp
import numpy as np
from PIL import Image

import functorch_course as fc

T = fc.transforms
folder = fc.datasets.LESSON_IMAGES  # 40 files that come with the package: img_0001.png, ...
table = Path("runs/lessons/06_labels.csv")
table.parent.mkdir(parents=True, exist_ok=True)

# %% [markdown]
# **The text says:** the CSV file is `label , filename`, `5 , img_0001.png`, `2 , img_0002.png`.
#
# **What happens:** as it stands, its columns are called `"label "` and `" filename"`, its label is
# `"5 "`, and its file name begins with a space: there is no such file.
#
# **Why:** in CSV a space is part of the value. `CSVImageDataset` strips it.

# %%
table.write_text("label , filename\n5 , img_0001.png\n2 , img_0002.png\n")
with table.open(newline="") as file:
    assert next(csv.DictReader(file)) == {"label ": "5 ", " filename": " img_0001.png"}
pair = fc.datasets.CSVImageDataset(table, folder)
assert (pair.targets.tolist(), pair.names) == ([5, 2], ["img_0001.png", "img_0002.png"])

# %% [markdown]
# ## No image is opened before its time
#
# The constructor reads the table alone. So it succeeds where the images are missing, and the error
# comes with the first sample, perhaps an hour into the training. `validate` opens all of them now.

# %%
absent = fc.datasets.CSVImageDataset(table, table.parent)
with fc.errors.shown(FileNotFoundError, saying="img_0001.png does not exist"):
    absent[0]
with fc.errors.shown(fc.errors.DamagedFileError, saying="2 of 2 files have faults"):
    absent.validate(progress=False)

dataset = fc.datasets.CSVImageDataset(folder / "labels.csv", folder)
dataset.validate(progress=False)
assert np.bincount(dataset.targets).tolist() == [4] * 10  # four of each class

# %% [markdown]
# ## One image
#
# Height, 28, is not width, 30, here. PIL says width first, an array height; colours come last.

# %%
pixels = (np.arange(28 * 30) % 256).astype(np.uint8).reshape(28, 30)
gray = Image.fromarray(pixels)
color = gray.convert("RGB")
assert (gray.mode, gray.size, np.asarray(gray).shape) == ("L", (30, 28), (28, 30))

# %% [markdown]
# **The text says:** an image is $H \times W \times 3$, a batch $N \times H \times W \times C$; and
# further down: an image is $(C, H, W)$, a batch $(N, C, H, W)$.
#
# **What happens:** both are in use, and nothing in an array says which of them it is.
#
# **Why:** PIL, NumPy and Flax put channels last; PyTorch, from `ToTensor` on, puts them first. So
# does this library.

# %%
scaled = T.ToTensor()(gray)
assert (np.asarray(color).shape, T.ToTensor()(color).shape) == ((28, 30, 3), (3, 28, 30))
assert jnp.zeros((4, 3, 28, 30)).transpose(0, 2, 3, 1).shape == (4, 28, 30, 3)

# %% [markdown]
# A size of one number is the shorter side, a pair is (height, width); a crop too large pads with
# black. The text says that transforms expect PIL images; most of them take arrays as well.
#
# | PyTorch | here | value |
# |---|---|---|
# | `torchvision.transforms.ToTensor()(gray).shape` | `T.ToTensor()(gray).shape` | `(1, 28, 30)` |
# | `torchvision.transforms.CenterCrop(20)(gray).size` | `T.CenterCrop(20)(gray).size` | `(20, 20)` |
# | `torchvision.transforms.CenterCrop(20)(scaled).shape` | `T.CenterCrop(20)(scaled).shape` | `(1, 20, 20)` |
# | `torchvision.transforms.CenterCrop(40)(gray).size` | `T.CenterCrop(40)(gray).size` | `(40, 40)` |
# | `torchvision.transforms.Resize(14)(gray).size` | `T.Resize(14)(gray).size` | `(15, 14)` |
# | `torchvision.transforms.Resize((14, 20))(gray).size` | `T.Resize((14, 20))(gray).size` | `(20, 14)` |

# %% [markdown]
# **The text says:** `ToTensor` scales to $[0, 1]$ and gives float32.
#
# **What happens:** that is so for images of 8 bits, where $x \mapsto x / 255$. Others pass as they
# are: mode I as int32, mode F as float32, up to 255 still.
#
# **Why:** only 8 bits say what white is. And a model refuses an image, but `jnp.asarray` takes it,
# without the division and without the channel, and says nothing.

# %%
raw = jnp.asarray(gray)
assert (scaled.dtype, scaled.shape, scaled.max()) == (np.float32, (1, 28, 30), 1)
assert (raw.dtype, raw.shape, raw.max()) == (np.uint8, (28, 30), 255)

# %% [markdown]
# | PyTorch | here | value |
# |---|---|---|
# | `torchvision.transforms.ToTensor()(gray)[0, 4, 8]` | `scaled[0, 4, 8]` | `0.5019608` |
# | `torchvision.transforms.ToTensor()(gray.convert("I")).max()` | `T.ToTensor()(gray.convert("I")).max()` | `255` |
# | `torchvision.transforms.ToTensor()(gray.convert("F")).max()` | `T.ToTensor()(gray.convert("F")).max()` | `255.0` |
# | `torch.nn.Linear(30, 2)(gray)` | `fc.nn.Linear(30, 2)(gray)` | `TypeError` |
#
# ## Compose
#
# Cut the image, convert, normalise: $x \mapsto (x - \mu) / \sigma$. Not in any order: `Normalize`
# needs an array. Random transforms draw from the seed, as torchvision's do.

# %%
tidy = T.Compose([T.CenterCrop(24), T.ToTensor(), T.Normalize((0.5,), (0.5,))])
assert (tidy(gray).shape, tidy(gray).min(), tidy(gray).max()) == ((1, 24, 24), -1, 1)
with fc.errors.shown(TypeError, saying="put ToTensor() before it"):
    T.Compose([T.Normalize((0.5,), (0.5,)), T.ToTensor()])(gray)

turned = T.Compose([T.RandomRotation(20), tidy])
augmented = fc.datasets.CSVImageDataset(folder / "labels.csv", folder, transform=turned)
stored, targets = zip(*(dataset[i] for i in range(8)), strict=True)
fc.plot.image_rows(
    {
        "from the disk": stored,
        "CenterCrop": list(map(T.CenterCrop(24), stored)),
        "ToTensor, Normalize": list(map(tidy, stored)),
        "RandomRotation first": [augmented[i][0] for i in range(8)],
        "once more": [augmented[i][0] for i in range(8)],
    },
    "runs/lessons/06_before_and_after.png",
    titles=[fc.datasets.FashionMNIST.names[target] for target in targets],
    heading="A batch before and after its transforms",
)

# %% [markdown]
# ## Batches
#
# The loader stacks images to $(N, C, H, W)$. That needs arrays of one size. Whether they are loaded
# here or by two other processes, they are the same, down to the random rotations.


# %%
def batches(workers):
    order = fc.Generator(0)
    loader = fc.data.DataLoader(augmented, 8, True, num_workers=workers, generator=order)
    return [images for images, targets in loader]


with fc.errors.shown(TypeError, saying="has no batch: add transform=ToTensor()"):
    next(iter(fc.data.DataLoader(dataset, batch_size=8)))
with fc.errors.shown(RuntimeError, saying="resize, crop or pad"):
    fc.data.default_collate([T.ToTensor()(gray), tidy(gray)])
assert batches(workers=0)[0].shape == (8, 1, 24, 24)
assert np.array_equal(batches(workers=0), batches(workers=2))

# %% [markdown]
# ## Ready-made datasets
#
# MNIST, Fashion-MNIST and their kin have the same form. Nothing is fetched unless `download=True`
# says so. A slice of Fashion-MNIST comes with the package: 6,000 and 1,000 images.

# %% [markdown]
# **The text says:** the flag `train=True` or `False` keeps training and test images apart.
#
# **What happens:** with `train=True` in both places, as one tutorial had it, nothing complains.
#
# **Why:** a flag is a wish. Count the images that both have.

# %%
with fc.errors.shown(RuntimeError, saying="download=True"):
    fc.datasets.MNIST("runs/lessons/nothing here")


def shared(one, other):
    return len({image.tobytes() for image in one.data} & {image.tobytes() for image in other.data})


transform = T.Compose([T.ToTensor(), T.Normalize((0.2860,), (0.3530,))])
train, test = (fc.datasets.FashionMNISTSample(part, transform) for part in (True, False))
assert (len(train), len(test), shared(train, test)) == (6000, 1000, 0)
assert shared(train, fc.datasets.FashionMNISTSample(train=True)) == 6000

# %% [markdown]
# ## From the disk to the model
#
# Now all of it: 40 files, the loader, softmax regression, and a test on images that it has never
# seen. Four images of a class are few; it gets all of these right, and 2 of 3 new ones.

# %%
fc.manual_seed(0)
model = fc.nn.SoftmaxRegression(784, 10)
forty = fc.datasets.CSVImageDataset(folder / "labels.csv", folder, transform=transform)
images, targets = next(iter(fc.data.DataLoader(forty, batch_size=8)))
assert (images.shape, model(images).shape) == ((8, 1, 28, 28), (8, 10))

loader = fc.data.DataLoader(forty, batch_size=8, shuffle=True)
trained, _ = fc.training.fit(model, loader, fc.nn.cross_entropy, fc.optim.SGD(lr=0.01), epochs=30)
for images, right in ((forty, 1.0), (test, 0.667)):
    found = fc.training.predict(trained, fc.data.DataLoader(images, batch_size=40)).argmax(axis=1)
    np.testing.assert_allclose((found == images.targets).mean(), right, atol=0.02)

# %% [markdown]
# ## What to remember
#
# - The table is in memory, the images are on the disk; each `dataset[i]` opens one.
# - PIL: (width, height). Its array: (H, W, C). After `ToTensor`: (C, H, W). A batch: (N, C, H, W).
# - Look at a batch before you train on it, and count the images that train and test share.
#
# Exercises: `functorch-course exercise list`, section I.
