"""The course's dataset and transforms, for the tests of several files."""

import numpy as np

from functorch_course.data import Dataset


class Toy:
    """The course's toy_set, twos and ones, but for the base class and what makes the numbers."""

    def __init__(self, length=100, transform=None):
        self.x = 2 * self.ones(length, 2)
        self.y = self.ones(length, 1)
        self.transform = transform
        self.length = length

    def __len__(self):
        return self.length

    def __getitem__(self, index):
        sample = self.x[index], self.y[index]
        return self.transform(sample) if self.transform else sample


class ToySet(Toy, Dataset):
    """Ours, over arrays of NumPy or of JAX."""

    def __init__(self, length=100, transform=None, library=np):
        self.library = library
        super().__init__(length, transform)

    def ones(self, *size):
        return self.library.ones(size, np.float32)


class AddMult:
    """The course's add_mult."""

    def __init__(self, addx=1, muly=1):
        self.addx = addx
        self.muly = muly

    def __call__(self, sample):
        x, y = sample
        return x + self.addx, y * self.muly


class Mult:
    """The course's mult."""

    def __init__(self, mul=100):
        self.mul = mul

    def __call__(self, sample):
        x, y = sample
        return x * self.mul, y * self.mul
