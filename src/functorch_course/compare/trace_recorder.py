"""Write down what each step of a training program computes, to be compared later.

Copy this file beside your PyTorch script; it needs NumPy and torch, and nothing else:

    recorder = TraceRecorder(model)                       # before the first step
    recorder.step(inputs, targets, outputs, loss)         # after each optimizer.step()
    recorder.end_epoch(test_outputs.argmax(1), accuracy)  # after each epoch, if you like
    recorder.save("mine.npz")                             # at the end
"""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

Array = Any  # of NumPy
Tensor = Any  # of torch, which is not imported here
Model = Any  # a torch.nn.Module


def digests(*columns: Array) -> list[int]:
    """64 bits for each sample: equal for equal bytes, in whatever batch the sample comes."""
    rows = zip(*(np.ascontiguousarray(column) for column in columns), strict=True)
    texts = (b"".join(value.tobytes() for value in row) for row in rows)
    return [int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "big") for text in texts]


def sketch(array: Array) -> tuple[float, float]:
    """The product with (cos 0, cos 1, ...), in which every change is seen, and the norm."""
    flat = np.asarray(array, np.float64).ravel()
    return float((flat * wave(flat.size)).sum()), float(np.sqrt((flat * flat).sum()))


@cache
def wave(size: int) -> Array:
    """(cos 0, cos 1, ...), kept, for it is asked for at every step."""
    return np.cos(np.arange(size))


class TraceWriter:
    """Collects steps whose values are NumPy arrays."""

    def __init__(self, parameters: dict[str, Array], framework: str) -> None:
        self.framework, self.start, self.now = framework, parameters, parameters
        self.rows: defaultdict[str, list[Any]] = defaultdict(list)

    def add(
        self,
        batch: tuple[Array, Array],
        outputs: Array,
        loss: float,
        gradients: dict[str, Array],
        parameters: dict[str, Array],
    ) -> None:
        """Write down one step: the parameters are those after it."""
        self.rows["samples"] += digests(*batch)
        self.rows["batch_sizes"].append(len(batch[0]))
        self.rows["outputs"].append(sketch(outputs))
        self.rows["losses"].append(float(loss))
        self.rows["gradients"].append([sketch(gradients[name]) for name in self.start])
        moves = [parameters[name] - self.now[name] for name in self.start]
        self.rows["updates"].append([sketch(move) for move in moves])
        self.now = parameters

    def end_epoch(self, predictions: Array = (), accuracy: float = np.nan) -> None:
        """Write down what is predicted for the test set after an epoch."""
        self.rows["predictions"].append(np.asarray(predictions))
        self.rows["accuracies"].append(accuracy)
        self.rows["epoch_steps"].append(len(self.rows["losses"]))

    def arrays(self) -> dict[str, Array]:
        """Return all that the file will hold."""
        start = {f"start.{name}": value for name, value in self.start.items()}
        end = {f"end.{name}": value for name, value in self.now.items()}
        rows = {name: np.asarray(values) for name, values in self.rows.items()}
        rows["samples"] = np.array(self.rows["samples"], np.uint64)
        head = {"format": "functorch_course trace 1", "framework": self.framework}
        return {**head, "names": list(self.start), **rows, **start, **end}

    def save(self, path: str | Path) -> None:
        """Write the ``.npz`` file."""
        np.savez_compressed(path, **self.arrays())


class TraceRecorder(TraceWriter):
    """Collects the steps of a ``torch.nn.Module``."""

    def __init__(self, model: Model) -> None:
        self.model = model
        super().__init__(self._named(lambda p: p), "PyTorch")

    def step(self, inputs: Tensor, targets: Tensor, outputs: Tensor, loss: Tensor) -> None:
        """Write down one step; call it between ``optimizer.step()`` and ``zero_grad()``."""
        batch = (inputs.cpu().numpy(), targets.cpu().numpy())
        gradients = self._named(lambda p: p * 0 if p.grad is None else p.grad)
        now = self._named(lambda p: p)
        self.add(batch, outputs.detach().cpu().numpy(), loss.item(), gradients, now)

    def _named(self, of: Callable[[Tensor], Tensor]) -> dict[str, Array]:
        """Return something of each parameter."""
        named = sorted(self.model.named_parameters())
        return {name: of(p).detach().cpu().numpy().copy() for name, p in named}
