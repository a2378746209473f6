"""Train on several devices and in several processes at once: the same model as on one.

    python scripts/experiments/data_parallel.py --processes 2 --devices 2

Each process reads its own shard of every batch, and JAX sums up the gradients (Gloo on CPUs). What
is printed is the largest difference from the run of one process on one device.
"""

import argparse
import os
import socket
import subprocess
import sys
import tempfile
from pathlib import Path

import jax
import numpy as np

import functorch_course as fc
from functorch_course.device import data_parallel, device_prefetch

SAMPLES, FEATURES, CLASSES, BATCH, EPOCHS = 320, 20, 4, 32, 3
SECONDS = 300


def train(seed: int, shard: tuple[int, int] | None) -> dict[str, np.ndarray]:
    """Train on noise, this process's part of it; return losses and weights."""
    fc.manual_seed(seed)
    x = fc.random.randn(SAMPLES, FEATURES)
    y = fc.random.randint(0, CLASSES, (SAMPLES,))
    model = fc.nn.SoftmaxRegression(FEATURES, CLASSES)
    mine = BATCH // (shard[1] if shard else 1)
    loader = fc.data.DataLoader(fc.data.TensorDataset(x, y), mine, shuffle=True, shard=shard)
    result = fc.training.fit(
        model,
        device_prefetch(loader, sharding=data_parallel()),
        fc.nn.cross_entropy,
        fc.optim.SGD(lr=0.1, momentum=0.9),
        EPOCHS,
    )
    weights = np.concatenate([value.ravel() for value in result.model.state_dict().values()])
    return {"losses": np.array(result.history.step_losses), "weights": weights}


def run(processes: int, devices: int, seed: int) -> dict[str, np.ndarray]:
    """Train in new processes, each with some devices; return what the first of them found."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    flags = f"--xla_force_host_platform_device_count={devices}"
    environment = os.environ | {"XLA_FLAGS": flags, "JAX_PLATFORMS": "cpu"}
    with tempfile.TemporaryDirectory() as folder:
        outcome = Path(folder, "outcome.npz")
        words = [sys.executable, __file__, f"--processes={processes}", f"--seed={seed}"]
        words += [f"--port={port}", f"--trace={outcome}"]
        children = [
            subprocess.Popen([*words, f"--rank={rank}"], env=environment)
            for rank in range(processes)
        ]
        try:
            codes = [child.wait(SECONDS) for child in children]
        finally:
            for child in children:
                child.kill()
        if any(codes):
            raise SystemExit(f"the processes ended with {codes}")
        with np.load(outcome) as found:
            return dict(found)


def work(options: argparse.Namespace) -> None:
    """Be one of the processes."""
    rank, processes = options.rank, options.processes
    if processes > 1:
        jax.distributed.initialize(f"localhost:{options.port}", processes, rank)
    found = train(options.seed, (rank, processes) if processes > 1 else None)
    if rank == 0:
        np.savez(options.trace, **found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--devices", type=int, default=1, help="of each process")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--trace", type=Path, help="write the losses and the weights as .npz")
    for name in ("--rank", "--port"):
        parser.add_argument(name, type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.rank is not None:
        work(options)
        return
    alone, together = run(1, 1, options.seed), run(options.processes, options.devices, options.seed)
    for name, values in alone.items():
        difference = np.abs(values - together[name]).max()
        print(f"{name}: {len(values)} numbers, largest difference {difference:.2g}")
    if options.trace:
        np.savez(options.trace, **together)


if __name__ == "__main__":
    main()
