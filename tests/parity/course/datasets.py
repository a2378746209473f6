"""The course's dataset as PyTorch has it."""

import torch

from toy_set import Toy


class TheirToy(Toy, torch.utils.data.Dataset):
    ones = staticmethod(torch.ones)
