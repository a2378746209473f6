"""Train on several devices and in several processes at once: the same model as on one.

    python scripts/experiments/data_parallel.py --processes 2 --devices 2

Each process reads its own shard of every batch, and JAX sums up the gradients (Gloo on CPUs). What
is printed is the largest difference from the run of one process on one device.
"""

import argparse
import json
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


def train(shard: tuple[int, int] | None) -> dict[str, list[float]]:
    """Train on noise, this process's part of it; return losses and weights."""
    fc.manual_seed(0)
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
    return {"losses": result.history.step_losses, "weights": weights.tolist()}


def run(processes: int, devices: int) -> dict[str, list[float]]:
    """Train in new processes, each with some devices; return what the first of them found."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    flags = f"--xla_force_host_platform_device_count={devices}"
    environment = os.environ | {"XLA_FLAGS": flags, "JAX_PLATFORMS": "cpu"}
    with tempfile.TemporaryDirectory() as folder:
        outcome = Path(folder, "outcome.json")
        words = [sys.executable, __file__, "--processes", str(processes), "--port", str(port)]
        children = [
            subprocess.Popen([*words, "--rank", str(rank), "--json", outcome], env=environment)
            for rank in range(processes)
        ]
        try:
            codes = [child.wait(SECONDS) for child in children]
        finally:
            for child in children:
                child.kill()
        if any(codes):
            raise SystemExit(f"the processes ended with {codes}")
        return json.loads(outcome.read_text())


def work(rank: int, processes: int, port: int, outcome: Path) -> None:
    """Be one of the processes."""
    if processes > 1:
        jax.distributed.initialize(f"localhost:{port}", processes, rank)
    found = train((rank, processes) if processes > 1 else None)
    if rank == 0:
        outcome.write_text(json.dumps(found))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--devices", type=int, default=1, help="of each process")
    for name, kind in (("--rank", int), ("--port", int), ("--json", Path)):
        parser.add_argument(name, type=kind, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.rank is not None:
        work(options.rank, options.processes, options.port, options.json)
        return
    alone, together = run(1, 1), run(options.processes, options.devices)
    for name, values in alone.items():
        difference = np.abs(np.subtract(values, together[name])).max()
        print(f"{name}: {len(values)} numbers, largest difference {difference:.2g}")


if __name__ == "__main__":
    main()
