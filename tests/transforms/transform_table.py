"""Images and transforms to try on them, built alike from this library and from torchvision."""

import hashlib

import numpy as np
from PIL import Image

MODES = ["1", "L", "P", "I", "F", "I;16", "LA", "RGB", "RGBA", "CMYK", "YCbCr", "HSV", "LAB", "PA"]


def image(mode="RGB", size=(9, 7), seed=0):
    """A random image of any mode."""
    generator = np.random.default_rng(seed)
    pixels = generator.integers(0, 256, (size[1], size[0], 3), np.uint8)
    if mode == "I;16":
        return Image.fromarray((pixels[..., 0].astype(np.uint16) << 8) + pixels[..., 1])
    made = Image.fromarray(pixels)
    if mode in ("LA", "PA", "RGBA"):
        made.putalpha(Image.fromarray(pixels[..., 1]))
    if mode == "PA":
        return made.convert("RGB").convert("P").convert("PA")
    if mode == "HSV" or mode not in ("LAB",):
        return made.convert(mode)
    return Image.merge("LAB", made.split()[:3])


# Each line builds the same transform from either library.
RANDOM = {
    "horizontal flip": lambda t: t.RandomHorizontalFlip(),
    "vertical flip": lambda t: t.RandomVerticalFlip(0.3),
    "crop": lambda t: t.RandomCrop(5),
    "crop, padded": lambda t: t.RandomCrop((6, 7), padding=4),
    "crop, reflected": lambda t: t.RandomCrop(6, padding=(1, 2, 3, 4), padding_mode="reflect"),
    "crop, padded if needed": lambda t: t.RandomCrop(50, pad_if_needed=True, fill=3),
    "resized crop": lambda t: t.RandomResizedCrop(12),
    "resized crop, wide": lambda t: t.RandomResizedCrop((7, 9), (0.5, 1), (1.5, 1.9), 3),
    "rotation": lambda t: t.RandomRotation(45),
    "rotation, expanded": lambda t: t.RandomRotation((10, 90), 2, expand=True, fill=9),
    "rotation, off center": lambda t: t.RandomRotation(30, center=(2, 3)),
    "affine": lambda t: t.RandomAffine(20, (0.2, 0.3), (0.5, 1.5), 10),
    "affine, bilinear": lambda t: t.RandomAffine((0, 90), None, None, (1, 10, 2, 20), 2, 7),
    "affine, off center": lambda t: t.RandomAffine(20, scale=(1, 2), center=(1, 2)),
    "jitter": lambda t: t.ColorJitter(0.4, 0.4, 0.4, 0.1),
    "jitter, brightness": lambda t: t.ColorJitter(brightness=0.5),
    "jitter, hue": lambda t: t.ColorJitter(hue=0.5),
    "blur": lambda t: t.GaussianBlur(5),
    "blur, fixed": lambda t: t.GaussianBlur((3, 1), 1.3),
    "grayscale": lambda t: t.RandomGrayscale(0.5),
    "invert": lambda t: t.RandomInvert(),
    "posterize": lambda t: t.RandomPosterize(3),
    "solarize": lambda t: t.RandomSolarize(100),
    "autocontrast": lambda t: t.RandomAutocontrast(),
    "equalize": lambda t: t.RandomEqualize(),
    "apply": lambda t: t.RandomApply([t.ColorJitter(0.3), t.RandomHorizontalFlip()], p=0.6),
}
FIXED = {
    "resize": lambda t: t.Resize(5),
    "resize, bicubic": lambda t: t.Resize((20, 11), 3),
    "resize, lanczos, bounded": lambda t: t.Resize(10, 1, max_size=12),
    "center crop": lambda t: t.CenterCrop(5),
    "center crop, padded": lambda t: t.CenterCrop((21, 13)),
    "pad": lambda t: t.Pad((1, 2, 3, 4), fill=7),
    "pad, edge": lambda t: t.Pad((2, 1), padding_mode="edge"),
    "pad, reflect": lambda t: t.Pad(3, padding_mode="reflect"),
    "pad, symmetric": lambda t: t.Pad(2, padding_mode="symmetric"),
    "pad, cut off": lambda t: t.Pad((-1, 2, 1, -2)),
    "grayscale": lambda t: t.Grayscale(3),
}
ARRAYS = {
    "perspective": lambda t: t.RandomPerspective(0.9, 1, 0, fill=5),
    "perspective, bilinear": lambda t: t.RandomPerspective(p=0.7),
    "erasing": lambda t: t.RandomErasing(0.9),
    "erasing, noise": lambda t: t.RandomErasing(0.9, value="random"),
    "erasing, never fits": lambda t: t.RandomErasing(1, (0.98, 1.0), value=0.5),
    "resize, nearest": lambda t: t.Resize((20, 5), 0),
    "resize, no antialias": lambda t: t.Resize((5, 19), antialias=False),
    "resize, bicubic, no antialias": lambda t: t.Resize((5, 19), 3, antialias=False),
}
SIZES = [(9, 7), (28, 28), (40, 31), (10, 14)]


def golden_cases():
    """The transforms and images whose results of torchvision are recorded in golden_images.json."""
    for name, build in (RANDOM | FIXED).items():
        for mode in ("L", "RGB"):
            for seed, size in enumerate(SIZES):
                if size[0] > 20:
                    yield f"{name}, {mode}, {size[0]}x{size[1]}", build, mode, size, seed


def digest(picture):
    """A short hash of a PIL image: mode, size and pixels."""
    content = f"{picture.mode} {picture.size} ".encode() + picture.tobytes()
    return hashlib.sha256(content).hexdigest()[:16]
