"""The main job and its twin in plain PyTorch, from the same seed: the same to rounding."""

import hashlib
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import functorch_course as fc

TWIN = Path(__file__).parents[2] / "scripts" / "pytorch" / "softmax_fashion_mnist.py"
SAMPLE = Path(fc.datasets.__file__).parent / "sample"
SYSTEM = fc.datasets.FashionMNIST.system_folder


class Digests:
    """A loader that writes down the sha256 of each batch that it passes on."""

    def __init__(self, loader):
        self.loader, self.seen = loader, []

    def __iter__(self):
        for x, y in self.loader:
            self.seen.append(hashlib.sha256(x.tobytes() + y.tobytes()).hexdigest())
            yield x, y


def ours(open_images, seed, epochs):
    """Train as the command line does; return what the twin's trace holds."""
    steps = [
        fc.transforms.ToTensor(),
        fc.transforms.Normalize((0.2860,), (0.3530,)),
        fc.transforms.Flatten(),
    ]
    train, test = (open_images(split, fc.transforms.Compose(steps)) for split in (True, False))
    fc.manual_seed(seed)
    model = fc.nn.SoftmaxRegression(784, 10)
    start = model.state_dict()
    loader = Digests(fc.data.DataLoader(train, 64, shuffle=True))
    result = fc.training.fit(
        model,
        loader,
        fc.nn.cross_entropy,
        fc.optim.SGD(lr=0.002, momentum=0.9),
        epochs,
        validation=fc.data.DataLoader(test, 1000),
        metrics={"accuracy": fc.training.accuracy},
    )
    history = result.history
    accuracies = [record.validation_metrics["accuracy"] for record in history.epochs]
    return loader.seen, start, history.step_losses, accuracies, result.model.state_dict(), len(test)


def theirs(root, seed, epochs, folder):
    """Run the twin in a process of its own and read its trace."""
    trace = folder / "trace.npz"
    options = {"root": root, "seed": seed, "epochs": epochs, "trace": trace}
    words = [f"--{name}={value}" for name, value in options.items()]
    subprocess.run([sys.executable, TWIN, *words], check=True, capture_output=True)
    return np.load(trace)


CASES = [
    pytest.param(SAMPLE, 0, 3, id="sample-seed-0"),
    pytest.param(SAMPLE, 2**40 + 7, 2, id="sample-large-seed", marks=pytest.mark.slow),
    pytest.param(SYSTEM, 0, 2, id="full", marks=pytest.mark.slow),
]


@pytest.mark.parametrize(("root", "seed", "epochs"), CASES)
def test_the_twin_computes_the_same(root, seed, epochs, tmp_path):
    if not root.is_dir():
        pytest.skip(f"the full Fashion-MNIST is not in {root}")
    full = root == SYSTEM

    def open_images(train, transform):
        if full:
            return fc.datasets.FashionMNIST("data", train, transform)
        return fc.datasets.FashionMNISTSample(train, transform)

    batches, start, losses, accuracies, end, samples = ours(open_images, seed, epochs)
    twin = theirs(root, seed, epochs, tmp_path)
    assert batches == twin["batches"].tolist()
    for name, value in start.items():
        assert value.tobytes() == twin[f"start.{name}"].tobytes()
    first = len(losses) // epochs
    np.testing.assert_allclose(losses[:first], twin["losses"][:first], rtol=1e-5)
    np.testing.assert_allclose(losses, twin["losses"], rtol=2e-4)
    assert np.abs(np.subtract(accuracies, twin["accuracies"])).max() <= 2 / samples + 1e-9
    for name, value in end.items():
        np.testing.assert_allclose(value, twin[f"end.{name}"], rtol=1e-3, atol=1e-5)
