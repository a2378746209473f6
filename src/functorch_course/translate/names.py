"""Full names: what an import binds, and what a name stands for in the dictionary."""

import ast
import difflib
from functools import cache

from .entry import Entry, dictionary
from .pattern import Pattern, parse

ROOTS = {"torch", "torchvision"}
MOVED = {  # the same things by other paths
    "torchvision.transforms.v2.functional": "torchvision.transforms.functional",
    "torchvision.transforms.v2": "torchvision.transforms",
    "torchvision.transforms.transforms": "torchvision.transforms",
    "torch.utils.data.dataloader": "torch.utils.data",
    "torch.utils.data.dataset": "torch.utils.data",
    "torch.utils.data.sampler": "torch.utils.data",
    "torch.nn.modules.module": "torch.nn",
    "torch.nn.parameter": "torch.nn",
    "torch.functional": "torch",
    "torch.special": "torch",
}
USUAL = {  # what people call the parts of PyTorch, for a line without its imports
    "torch": "torch",
    "torchvision": "torchvision",
    "nn": "torch.nn",
    "F": "torch.nn.functional",
    "init": "torch.nn.init",
    "optim": "torch.optim",
    "lr_scheduler": "torch.optim.lr_scheduler",
    "transforms": "torchvision.transforms",
    "datasets": "torchvision.datasets",
    "Tensor": "torch.Tensor",
    "DataLoader": "torch.utils.data.DataLoader",
    "Dataset": "torch.utils.data.Dataset",
    "TensorDataset": "torch.utils.data.TensorDataset",
    "Subset": "torch.utils.data.Subset",
    "random_split": "torch.utils.data.random_split",
}


@cache
def index() -> dict[str, list[tuple[Pattern, Entry]]]:
    """Return the dictionary by full name, in the order in which its rows are tried."""
    found: dict[str, list[tuple[Pattern, Entry]]] = {}
    for entry in dictionary():
        for pattern in map(parse, entry.torch):
            found.setdefault(pattern.name, []).append((pattern, entry))
    return found


def is_pytorch(name: str) -> bool:
    """Tell whether a full name belongs to PyTorch."""
    return name.split(".")[0] in ROOTS


def canonical(name: str) -> str:
    """Return the name that the dictionary uses, where PyTorch has several."""
    if name in index():
        return name
    for old, new in MOVED.items():
        if name.startswith(old + "."):
            return new + name.removeprefix(old)
    return name


def bound_by(node: ast.Import | ast.ImportFrom) -> dict[str, str]:
    """Return the names that an import binds, and what each stands for."""
    if isinstance(node, ast.Import):
        return {
            alias.asname or alias.name.split(".")[0]: (
                alias.name if alias.asname else alias.name.split(".")[0]
            )
            for alias in node.names
        }
    if node.level or node.module is None:
        return {alias.asname or alias.name: "" for alias in node.names}
    return {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}


def near(name: str) -> list[str]:
    """Return the names of the dictionary that are most like an unknown one."""
    last = name.split(".")[-1]
    endings: dict[str, str] = {}
    for known in index():
        endings.setdefault(known.split(".")[-1], known)
    similar = difflib.get_close_matches(last, endings, n=3, cutoff=0.6)
    return [endings[ending] for ending in similar]
