"""Section I of the course, in PyTorch and here; what needs torchvision has a file of its own."""

import numpy as np
import torch
from PIL import Image

import functorch_course as fc
from parity.course.columns import Case, Raises, compare, rows

GRAY = Image.fromarray((np.arange(28 * 30) % 256).astype(np.uint8).reshape(28, 30))

TABLE = {
    "I222": Case(
        lambda: next(iter(torch.utils.data.DataLoader([(GRAY, 5), (GRAY, 2)], batch_size=2))),
        lambda: next(iter(fc.data.DataLoader([(GRAY, 5), (GRAY, 2)], batch_size=2))),
        Raises(TypeError, "batch must contain tensors"),
        here=Raises(TypeError, r"has no batch: add transform=ToTensor\(\)"),
    ),
    "I228": Case(
        lambda: torch.nn.Linear(30, 2)(GRAY),
        lambda: fc.nn.Linear(30, 2)(GRAY),
        Raises(TypeError, "must be Tensor, not Image"),
        here=Raises(TypeError, "needs an array, got Image"),
    ),
}


@rows(TABLE)
def test_both_columns(case):
    compare(case)
