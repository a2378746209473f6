"""The classes of section S, written once for each library."""

import numpy as np
import torch

from functorch_course import data


class Toy:
    """The course's toy_set, but for the base class and the library that makes the numbers."""

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


class TheirToy(Toy, torch.utils.data.Dataset):
    ones = staticmethod(torch.ones)


class OurToy(Toy, data.Dataset):
    @staticmethod
    def ones(*size):
        return np.ones(size, np.float32)


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
