"""Cut the sample of Fashion-MNIST that is shipped with the package out of the four full files.

The result is the same byte for byte on every run:

    python scripts/make_sample.py /usr/share/datasets/fashion-mnist
"""

import argparse
import gzip
import struct
from pathlib import Path

import numpy as np
from PIL import Image

from functorch_course.datasets import read_idx

SAMPLE = Path(__file__).parents[1] / "src" / "functorch_course" / "datasets" / "sample"
SIZES = {"train": 6_000, "t10k": 1_000}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="folder with the four full .gz files")
    source = parser.parse_args().source
    for split, size in SIZES.items():
        for kind in ("images-idx3", "labels-idx1"):
            name = f"{split}-{kind}-ubyte.gz"
            write_idx(SAMPLE / name, read_idx(source / name)[:size])
            print(f"{name}: {size} of the items, {(SAMPLE / name).stat().st_size:,} bytes")
    write_lesson_images(SAMPLE / "images")


def write_idx(path: Path, array: np.ndarray) -> None:
    """Write a uint8 array as compressed IDX, without name or time in the gzip header."""
    header = struct.pack(f">HBB{array.ndim}I", 0, 0x08, array.ndim, *array.shape)
    path.write_bytes(gzip.compress(header + array.tobytes(), compresslevel=9, mtime=0))


def write_lesson_images(folder: Path) -> None:
    """Write the first four training images of each class as PNG, and their labels as CSV."""
    images, labels = (
        read_idx(SAMPLE / f"train-{kind}-ubyte.gz") for kind in ("images-idx3", "labels-idx1")
    )
    chosen = sorted(index for label in range(10) for index in np.flatnonzero(labels == label)[:4])
    folder.mkdir(exist_ok=True)
    lines = ["label,filename"]
    for number, index in enumerate(chosen, start=1):
        name = f"img_{number:04}.png"
        Image.fromarray(images[index]).save(folder / name, optimize=True)
        lines.append(f"{labels[index]},{name}")
    (folder / "labels.csv").write_text("\n".join(lines) + "\n")
    print(f"{folder.name}/: {len(chosen)} images and labels.csv")


if __name__ == "__main__":
    main()
