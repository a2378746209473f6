"""Answers to the exercises of section I."""

from .form import Answers

ANSWERS = {
    "I01": Answers(
        right="""
rows = []
for line in text.splitlines()[1:]:
    if line.strip():
        label, name = line.split(",")
        rows.append((int(label), name.strip()))
return rows""",
        wrong={
            "names not stripped": ("name.strip()", "name"),
            "labels as text": ("int(label)", "label.strip()"),
            "the header is a row": ("splitlines()[1:]", "splitlines()"),
            "the first row is skipped": ("splitlines()[1:]", "splitlines()[2:]"),
            "name before label": ("(int(label), name.strip())", "(name.strip(), int(label))"),
            "empty lines are rows": ("if line.strip():", "if True:"),
            "only ends of lines are empty": ("if line.strip():", "if line:"),
            "splits at spaces": """
lines = [line.split() for line in text.splitlines()[1:] if line.strip()]
return [(int(words[0]), words[-1]) for words in lines]""",
            "removes all spaces": ("name.strip()", "name.replace(' ', '')"),
            "lists": ("(int(label), name.strip())", "[int(label), name.strip()]"),
        },
    ),
    "I02": Answers(
        right="""
if pixels.ndim == 2:
    pixels = pixels[:, :, None]
return pixels.transpose(2, 0, 1).astype(np.float32) / 255""",
        wrong={
            "reshape": """
if pixels.ndim == 2:
    pixels = pixels[:, :, None]
h, w, c = pixels.shape
return pixels.reshape(c, h, w).astype(np.float32) / 255""",
            "not scaled": (" / 255", ""),
            "divides by 256": ("/ 255", "/ 256"),
            "float64": (
                "pixels.transpose(2, 0, 1).astype(np.float32)",
                "pixels.transpose(2, 0, 1)",
            ),
            "the gray image has no channel": """
if pixels.ndim == 2:
    return pixels.astype(np.float32) / 255
return pixels.transpose(2, 0, 1).astype(np.float32) / 255""",
            "height and width exchanged": ("transpose(2, 0, 1)", "transpose(2, 1, 0)"),
            "channels stay last": ("pixels.transpose(2, 0, 1)", "pixels"),
            "whole numbers": ("/ 255", "// 255"),
            "the channel of the gray image last": """
if pixels.ndim == 2:
    return pixels[:, :, None].astype(np.float32) / 255
return pixels.transpose(2, 0, 1).astype(np.float32) / 255""",
            "scaled by its own maximum": ("/ 255", "/ np.float32(pixels.max())"),
        },
    ),
    "I03": Answers(
        right="""
center = np.array(mean, np.float32)[:, None, None]
width = np.array(std, np.float32)[:, None, None]
return (image - center) / width""",
        wrong={
            "along the width": "return (image - np.float32(mean)) / np.float32(std)",
            "writes into the image": """
image -= np.array(mean, np.float32)[:, None, None]
image /= np.array(std, np.float32)[:, None, None]
return image""",
            "multiplies": ("/ width", "* width"),
            "the variance": ("/ width", "/ width**2"),
            "divides first": ("(image - center) / width", "image / width - center"),
            "float64": ("center = np.array(mean, np.float32)", "center = np.array(mean)"),
            "along the height": ("[:, None, None]\nwidth", "[None, :, None]\nwidth"),
            "only the first channel's": "return (image - np.float32(mean[0])) / np.float32(std[0])",
            "adds the mean": ("image - center", "image + center"),
        },
    ),
    "I04": Answers(
        right="""
height, width = image.shape[-2:]
if height < size or width < size:
    raise ValueError(f"{height} x {width} is smaller than {size}")
top, left = round((height - size) / 2), round((width - size) / 2)
return image[..., top : top + size, left : left + size]""",
        wrong={
            "the corner": "return image[..., :size, :size]",
            "no check": """
height, width = image.shape[-2:]
top, left = round((height - size) / 2), round((width - size) / 2)
return image[..., top : top + size, left : left + size]""",
            "only the height is checked": ("height < size or width < size", "height < size"),
            "only the width is checked": ("height < size or width < size", "width < size"),
            "the full size is refused": (
                "height < size or width < size",
                "height <= size or width <= size",
            ),
            "rounds down": (
                "round((height - size) / 2), round((width - size) / 2)",
                "(height - size) // 2, (width - size) // 2",
            ),
            "height and width exchanged": ("height, width = image", "width, height = image"),
            "the first two axes": ("image.shape[-2:]", "image.shape[:2]"),
            "one too small": ("top + size, left", "top + size - 1, left"),
            "only for images with channels": ("image[..., top", "image[:, top"),
        },
    ),
    "I05": Answers(
        right="""
class LazyImages:
    def __init__(self, rows, folder, transform=None):
        self.rows, self.folder, self.transform = rows, folder, transform

    def __len__(self):
        return len(self.rows)

    def __getitem__(self, i):
        label, name = self.rows[i]
        with Image.open(self.folder / name) as image:
            pixels = np.asarray(image)
        return (self.transform(pixels) if self.transform else pixels), label
""",
        wrong={
            "opens all at once": """
class LazyImages:
    def __init__(self, rows, folder, transform=None):
        self.samples = [(np.asarray(Image.open(folder / name)), label) for label, name in rows]
        self.transform = transform

    def __len__(self):
        return len(self.samples)

    def __getitem__(self, i):
        pixels, label = self.samples[i]
        return (self.transform(pixels) if self.transform else pixels), label
""",
            "label before image": (
                "(self.transform(pixels) if self.transform else pixels), label",
                "label, (self.transform(pixels) if self.transform else pixels)",
            ),
            "without the folder": ("self.folder / name", "name"),
            "the transform forgotten": (
                "(self.transform(pixels) if self.transform else pixels)",
                "pixels",
            ),
            "the transform twice": (
                "self.transform(pixels) if",
                "self.transform(self.transform(pixels)) if",
            ),
            "needs a transform": (
                "self.transform(pixels) if self.transform else pixels",
                "self.transform(pixels)",
            ),
            "always the first": ("self.rows[i]", "self.rows[0]"),
            "the image of PIL": ("pixels = np.asarray(image)", "pixels = image.copy()"),
            "always gray": ("np.asarray(image)", 'np.asarray(image.convert("L"))'),
            "the label from the transform": (
                "(self.transform(pixels) if self.transform else pixels), label",
                "(self.transform or np.asarray)(pixels), (self.transform or int)(np.array(label))",
            ),
            "a missing file is nothing": (
                "        with Image.open(self.folder / name) as image:\n            pixels",
                "        if not (self.folder / name).exists():\n            return None\n"
                "        with Image.open(self.folder / name) as image:\n            pixels",
            ),
        },
    ),
    "I06": Answers(
        right="""
images, labels = zip(*samples)
return np.stack(images), np.array(labels, np.int64)""",
        wrong={
            "concatenated": ("np.stack(images)", "np.concatenate(images)"),
            "floating labels": ("np.int64", "np.float32"),
            "a list of labels": ("np.array(labels, np.int64)", "list(labels)"),
            "channels last": ("np.stack(images)", "np.stack(images, axis=-1)"),
            "labels first": (
                "np.stack(images), np.array(labels, np.int64)",
                "np.array(labels, np.int64), np.stack(images)",
            ),
            "labels as a column": (
                "np.array(labels, np.int64)",
                "np.array(labels, np.int64)[:, None]",
            ),
            "cuts to the smallest": """
images, labels = zip(*samples)
height = min(image.shape[1] for image in images)
width = min(image.shape[2] for image in images)
images = [image[:1, :height, :width] if image.shape[0] != images[0].shape[0]
          else image[:, :height, :width] for image in images]
return np.stack(images), np.array(labels, np.int64)""",
            "an array of objects": """
images, labels = zip(*samples)
if len({image.shape for image in images}) == 1:
    return np.stack(images), np.array(labels, np.int64)
batch = np.empty(len(images), object)
batch[:] = images
return batch, np.array(labels, np.int64)""",
            "broadcasts": """
images, labels = zip(*samples)
shape = np.broadcast_shapes(*(image.shape for image in images))
return np.stack([np.broadcast_to(i, shape) for i in images]), np.array(labels, np.int64)""",
            "float64": ("np.stack(images)", "np.array(images, np.float64)"),
        },
    ),
    "I07": Answers(
        right="""
if fc.random.rand(1, generator=generator)[0] < p:
    return image[..., ::-1]
return image""",
        wrong={
            "upside down": ("image[..., ::-1]", "image[..., ::-1, :]"),
            "the channels": ("image[..., ::-1]", "image[::-1]"),
            "the shared generator": ("generator=generator", ""),
            "the other way round": ("< p", ">= p"),
            "always": ("if fc.random.rand(1, generator=generator)[0] < p:", "if True:"),
            "draws nothing at the ends": (
                "if fc.random.rand",
                "if p in (0, 1):\n    return image[..., ::-1] if p else image\nif fc.random.rand",
            ),
            "draws two numbers": (
                "rand(1, generator=generator)[0]",
                "rand(2, generator=generator)[0]",
            ),
            "a generator of its own": ("generator=generator", "generator=fc.Generator(0)"),
            "writes into the image": (
                "return image[..., ::-1]",
                "image[:] = image[..., ::-1].copy()\n    return image",
            ),
            "NumPy's generator": (
                "fc.random.rand(1, generator=generator)[0]",
                "np.random.default_rng(0).random()",
            ),
        },
    ),
}
