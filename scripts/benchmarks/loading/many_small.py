"""A million samples of eight bytes: what a loader costs when its samples cost nothing."""

import numpy as np

from fashion_mnist import BATCH
from functorch_course.data import DataLoader, TensorDataset
from harness import Pair, Part, installed, rate, take_turns

PAIRS = (
    Pair("ours", "torch", 3),
    Pair("ours", "tf.data"),
    Pair("ours, by sample", "torch, by sample", 1),
)


def measure(count: int, rounds: int) -> Part:
    """Let everybody who is installed shuffle numbers."""
    numbers = np.arange(count)
    contenders = {
        "ours": rate(lambda: DataLoader(TensorDataset(numbers), BATCH, shuffle=True), count),
        "ours, by sample": rate(lambda: DataLoader(range(count), BATCH, shuffle=True), count),
    }
    if installed("torch"):
        import torch
        from torch.utils import data

        tensors = data.TensorDataset(torch.arange(count))
        contenders["torch"] = rate(lambda: data.DataLoader(tensors, BATCH, shuffle=True), count)
        contenders["torch, by sample"] = rate(
            lambda: data.DataLoader(range(count), BATCH, shuffle=True),  # type: ignore[arg-type]
            count,
        )
    if installed("tf.data"):
        import tensorflow as tf

        pipeline = tf.data.Dataset.range(count).shuffle(count).batch(BATCH)
        contenders["tf.data"] = rate(pipeline.as_numpy_iterator, count)
    figures = take_turns(contenders, rounds)
    return Part("many small", f"{count:,} numbers, shuffled", "samples a second", figures, PAIRS)
