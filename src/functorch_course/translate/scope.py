"""What the names of a program stand for: a simple flow of kinds, from assignments to uses."""

import ast
from dataclasses import dataclass, field, replace
from typing import Self

from .names import canonical, index, is_pytorch
from .pattern import RECEIVERS, dotted

TENSOR, MODEL, OTHER = "x", "model", "other"
USUAL_KINDS = {
    "model": MODEL,
    "net": MODEL,
    "criterion": "criterion",
    "loss_fn": "criterion",
    "optimizer": "optimizer",
    "opt": "optimizer",
    "scheduler": "scheduler",
    "loader": "loader",
    "dataloader": "loader",
    "train_loader": "loader",
    "test_loader": "loader",
    "generator": "generator",
    "ctx": "ctx",
}
BUILTIN = {name for kind in (str, list, dict, set, int, float, bytes) for name in dir(kind)}
NUMPY_TOO = {
    *("T", "all", "any", "argmax", "argmin", "argsort", "astype", "clip", "copy", "cumprod"),
    *("cumsum", "diagonal", "dot", "dtype", "fill", "flatten", "item", "itemsize", "max", "mean"),
    *("min", "nbytes", "ndim", "nonzero", "prod", "ravel", "real", "repeat", "reshape", "round"),
    *("shape", "size", "sort", "squeeze", "std", "sum", "swapaxes", "take", "tolist", "trace"),
    *("transpose", "var", "view"),
}
LIKE_TENSORS = {"T", "mT", "data", "grad", "real"}
NO_TENSORS = {
    *("data_ptr", "dim", "element_size", "get_device", "is_contiguous", "item", "ndimension"),
    *("nelement", "numel", "numpy", "size", "stride", "tolist"),
}
SAME_MODEL = {"cpu", "cuda", "double", "eval", "float", "requires_grad_", "to", "train"}


@dataclass
class Scope:
    """The names that are known at a place of a program.

    Args:
        imports: What imported names stand for.
        kinds: What variables hold, by name, also ``self.weight``.
        classes: What the program's own classes and annotated functions give.
        guess: Whether an unknown variable may be taken for a tensor.
    """

    imports: dict[str, str] = field(default_factory=dict)
    kinds: dict[str, str] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)
    guess: bool = False

    def inner(self) -> Self:
        """Return a copy for the body of a function: what it binds is not seen outside."""
        return replace(self, imports=dict(self.imports), kinds=dict(self.kinds))

    def full_name(self, node: ast.expr) -> str:
        """Return PyTorch's full name of what an expression names, or nothing."""
        root, _, rest = dotted(node).partition(".")
        if root in self.imports and root not in self.kinds:
            name = self.imports[root] + (f".{rest}" if rest else "")
            return canonical(name) if is_pytorch(name) else ""
        return self._member(node) if isinstance(node, ast.Attribute) else ""

    def _member(self, node: ast.Attribute) -> str:
        """Return the full name of a method or attribute of a value."""
        kind = self.kind(node.value)
        of_gradient = f"torch.Tensor.grad.{node.attr}"
        if dotted(node.value).endswith(".grad") and of_gradient in index():
            return of_gradient
        if kind in RECEIVERS:
            name = (
                f"{RECEIVERS[kind]}.{node.attr}"  # other classes may have attributes of their own
            )
            return name if kind == TENSOR or name in index() else ""
        if kind or node.attr in BUILTIN or (node.attr in NUMPY_TOO and not self.guess):
            return ""
        candidates = (f"{owner}.{node.attr}" for owner in RECEIVERS.values())
        return next((name for name in candidates if name in index()), "")

    def is_a_guess(self, node: ast.expr) -> bool:
        """Tell whether the owner of a member was only guessed."""
        return isinstance(node, ast.Attribute) and not self.guess and not self.kind(node.value)

    def kind(self, node: ast.expr) -> str:
        """Return what an expression gives: a receiver of the dictionary, another kind, or ""."""
        path = dotted(node)
        if path in self.kinds:
            return self.kinds[path]
        if path.split(".")[0] in self.imports:
            return OTHER
        match node:
            case ast.Name(id=name):
                return USUAL_KINDS.get(name, "")
            case ast.Attribute(value=owner, attr=attribute):
                return self._kind_of_member(self.kind(owner), attribute)
            case ast.Call():
                return self._kind_of_call(node)
            case ast.BinOp(left=left, right=right):
                return self._either(left, right)
            case ast.UnaryOp(operand=operand):
                return self.kind(operand)
            case ast.Compare(left=left, comparators=others):
                return self._either(left, *others)
            case ast.Subscript(value=owner):
                return TENSOR if self.kind(owner) == TENSOR else ""
            case ast.IfExp(body=body, orelse=other):
                return self.kind(body) or self.kind(other)
        return OTHER

    def _either(self, *nodes: ast.expr) -> str:
        """Return tensor if one side is a tensor; numbers alone are something else."""
        kinds = [self.kind(node) for node in nodes]
        return TENSOR if TENSOR in kinds else "" if "" in kinds else OTHER

    def _kind_of_member(self, owner: str, attribute: str) -> str:
        """Return what an attribute of a value holds."""
        if owner == TENSOR:
            return TENSOR if attribute in LIKE_TENSORS else OTHER
        return TENSOR if owner == MODEL and attribute in {"weight", "bias"} else ""

    def _kind_of_call(self, node: ast.Call) -> str:
        """Return what a call gives."""
        if isinstance(node.func, ast.Name) and node.func.id in self.classes:
            return self.classes[node.func.id]
        name = self.full_name(node.func)
        if name:
            return kind_made_by(name, node)
        called = self.kind(node.func)
        return TENSOR if called in {MODEL, "criterion"} else ""

    def kind_of_annotation(self, node: ast.expr | None) -> str:
        """Return the kind that an annotation promises."""
        name = self.full_name(node) if node is not None else ""
        return ANNOTATED.get(name, "")


ANNOTATED = {owner: kind for kind, owner in RECEIVERS.items()} | {
    "torch.utils.data.DataLoader": "loader"
}


def kind_made_by(name: str, node: ast.Call) -> str:
    """Return what a call of one of PyTorch's names gives."""
    owner, _, last = name.rpartition(".")
    if owner == "torch.Tensor":
        return OTHER if last in NO_TENSORS else TENSOR
    if owner == "torch.nn.Module":
        return MODEL if last in SAME_MODEL else OTHER
    if name in {"torch.Generator", "torch.Generator.manual_seed"}:
        return "generator"
    if owner in {"torch", "torch.nn.functional", "torch.linalg"} and last[0].islower():
        return OTHER if last in {"device", "load", "save", "manual_seed"} else TENSOR
    return _kind_of_class(owner, last, node)


def _kind_of_class(owner: str, last: str, node: ast.Call) -> str:
    """Return what the constructor of a class makes."""
    if owner == "torch.nn":
        return "criterion" if last.endswith("Loss") else TENSOR if last == "Parameter" else MODEL
    if owner == "torch.optim.lr_scheduler":
        return "scheduler"
    if owner == "torch.optim" and node.args:
        return "optimizer"
    return "loader" if last == "DataLoader" else OTHER
