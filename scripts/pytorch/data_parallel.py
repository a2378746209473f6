"""Train on several devices and in several processes at once: the same model as on one.

The twin of scripts/experiments/data_parallel.py in plain PyTorch, which has a process for each
device: DistributedDataParallel averages the gradients (Gloo on CPUs).

    python scripts/pytorch/data_parallel.py --processes 2 --devices 2
"""

import argparse
import itertools
import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DataLoader, RandomSampler, Sampler, TensorDataset

SAMPLES, FEATURES, CLASSES, BATCH, EPOCHS = 320, 20, 4, 32, 3


class Share(Sampler):
    """This process's part of an order that is the same in all.

    DistributedSampler does the same with an order of its own, which depends on its seed and epoch.
    """

    def __init__(self, sampler: Sampler) -> None:
        self.sampler = sampler

    def __iter__(self) -> Iterator[int]:
        return itertools.islice(self.sampler, dist.get_rank(), None, dist.get_world_size())

    def __len__(self) -> int:
        return len(self.sampler) // dist.get_world_size()


def train(seed: int) -> dict[str, np.ndarray]:
    """Train on noise, this process's part of it; return losses and weights."""
    torch.manual_seed(seed)
    x = torch.randn(SAMPLES, FEATURES)
    y = torch.randint(0, CLASSES, (SAMPLES,))
    dataset = TensorDataset(x, y)
    model = DistributedDataParallel(nn.Linear(FEATURES, CLASSES))
    mine = BATCH // dist.get_world_size()
    loader = DataLoader(dataset, mine, sampler=Share(RandomSampler(dataset)))
    criterion = nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9)
    losses = []
    for _ in range(EPOCHS):
        for inputs, targets in loader:
            loss = criterion(model(inputs), targets)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(mean_over_processes(loss.detach()))
    weights = torch.cat([value.flatten() for value in model.module.state_dict().values()])
    return {"losses": np.array(losses), "weights": weights.numpy()}


def mean_over_processes(loss: torch.Tensor) -> float:
    """Return the loss of the whole batch."""
    dist.all_reduce(loss)
    return loss.item() / dist.get_world_size()


def work(rank: int, processes: int, port: int, seed: int, outcome: Path) -> None:
    """Be one of the processes."""
    torch.set_num_threads(1)
    place = f"tcp://localhost:{port}"
    dist.init_process_group("gloo", init_method=place, rank=rank, world_size=processes)
    found = train(seed)
    if rank == 0:
        np.savez(outcome, **found)
    dist.destroy_process_group()


def run(processes: int, seed: int) -> dict[str, np.ndarray]:
    """Train in new processes; return what the first of them found."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        port = probe.getsockname()[1]
    with tempfile.TemporaryDirectory() as folder:
        outcome = Path(folder, "outcome.npz")
        torch.multiprocessing.spawn(work, (processes, port, seed, outcome), processes)
        with np.load(outcome) as found:
            return dict(found)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--devices", type=int, default=1, help="for each of them, a process here")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--trace", type=Path, help="write the losses and the weights as .npz")
    options = parser.parse_args()
    alone = run(1, options.seed)
    together = run(options.processes * options.devices, options.seed)
    for name, values in alone.items():
        difference = np.abs(values - together[name]).max()
        print(f"{name}: {len(values)} numbers, largest difference {difference:.2g}")
    if options.trace:
        np.savez(options.trace, **together)


if __name__ == "__main__":
    main()
