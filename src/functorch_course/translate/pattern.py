"""The two sides of a row as syntax: match one with a piece of a program, fill in the other."""

import ast
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias, cast

RECEIVERS = {
    "x": "torch.Tensor",
    "model": "torch.nn.Module",
    "optimizer": "torch.optim.Optimizer",
    "scheduler": "torch.optim.lr_scheduler.LRScheduler",
    "generator": "torch.Generator",
    "ctx": "torch.autograd.function.FunctionCtx",
}
ALIASES = {"input": "x", "axis": "dim", "keepdims": "keepdim"}
GET, SET = "__getitem__", "__setitem__"

Bound: TypeAlias = dict[str, ast.expr | list[ast.expr] | list[ast.keyword] | None]
Guard: TypeAlias = Callable[[str, ast.expr], bool]


@dataclass(frozen=True)
class Pattern:
    """How something is written in PyTorch.

    Args:
        name: The full name of what is called or read, such as ``torch.Tensor.view``.
        receiver: What the value is called whose method or attribute it is.
        signature: The arguments of a call; None where nothing is called.
        text: As the dictionary has it.
    """

    name: str
    receiver: str | None
    signature: inspect.Signature | None
    text: str


def parse(text: str) -> Pattern:
    """Read the PyTorch side of a row."""
    node = ast.parse(text).body[0]
    if isinstance(node, ast.Assign | ast.AugAssign):
        return _parse_assignment(node, text)
    value = cast("ast.Expr", node).value
    called = value if isinstance(value, ast.Call) else None
    subscript = called is None and isinstance(value, ast.Subscript)
    if subscript:
        place = cast("ast.Subscript", value)
        return Pattern(*_head(place.value, GET), _signature([place.slice], []), text)
    head = called.func if called else value
    signature = _signature(called.args, called.keywords) if called else None
    return Pattern(*_head(head), signature, text)


def _parse_assignment(node: ast.Assign | ast.AugAssign, text: str) -> Pattern:
    """Read ``x[i] = value``, ``x[i] += value``, or ``x.name = value``."""
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    if isinstance(target, ast.Subscript):
        signature = _signature([target.slice, node.value], [])
        return Pattern(*_head(target.value, setter(node)), signature, text)
    return Pattern(*_head(target, setter(node)), _signature([node.value], []), text)


def setter(node: ast.Assign | ast.AugAssign) -> str:
    """Return the name under which an assignment is looked up."""
    return SET if isinstance(node, ast.Assign) else f"{SET}{type(node.op).__name__}"


def dotted(node: ast.expr) -> str:
    """Return ``a.b.c`` as text, or nothing for what is no chain of names."""
    names = []
    while isinstance(node, ast.Attribute):
        names.append(node.attr)
        node = node.value
    return ".".join([node.id, *reversed(names)]) if isinstance(node, ast.Name) else ""


def _head(node: ast.expr, *more: str) -> tuple[str, str | None]:
    """Return the full name, and the name of the receiver if there is one."""
    root, *rest = [*dotted(node).split("."), *more]
    if root in RECEIVERS:
        return ".".join([RECEIVERS[root], *rest]), root
    return ".".join([root, *rest]), None


def _signature(args: list[ast.expr], keywords: list[ast.keyword]) -> inspect.Signature:
    """Make the parameters of a pattern's arguments; constants become nameless ones."""
    kinds, parameters = inspect.Parameter, []
    for position, node in enumerate(args):
        if isinstance(node, ast.Starred):
            name = cast("ast.Name", node.value).id
            parameters.append(kinds(name, kinds.VAR_POSITIONAL))
        elif isinstance(node, ast.Name):
            parameters.append(kinds(node.id, kinds.POSITIONAL_OR_KEYWORD))
        else:
            fixed = kinds(f"_{position}", kinds.POSITIONAL_ONLY, annotation=node)
            parameters.append(fixed)
    for keyword in keywords:
        if keyword.arg is None:
            name = cast("ast.Name", keyword.value).id
            parameters.append(kinds(name, kinds.VAR_KEYWORD))
        else:
            parameters.append(_optional(keyword, any(isinstance(a, ast.Starred) for a in args)))
    return inspect.Signature(parameters)


def _optional(keyword: ast.keyword, after_star: bool) -> inspect.Parameter:
    """Make the parameter of ``name=…``: one that may be missing."""
    kinds = inspect.Parameter
    kind = kinds.KEYWORD_ONLY if after_star else kinds.POSITIONAL_OR_KEYWORD
    return kinds(cast("str", keyword.arg), kind, default=None)


def bind(
    pattern: Pattern, args: list[ast.expr], keywords: list[ast.keyword], guard: Guard
) -> Bound | None:
    """Give the pattern's names the arguments of a call, or return None where they do not fit."""
    assert pattern.signature is not None
    if any(keyword.arg is None for keyword in keywords):
        return _bind_splat(pattern, args, keywords)
    given = {_own_name(pattern.signature, str(k.arg)): k.value for k in keywords}
    try:
        found = pattern.signature.bind(*args, **given)
    except TypeError:
        return None
    bound: Bound = {}
    for name, parameter in pattern.signature.parameters.items():
        value = found.arguments.get(name)
        if value is None:
            bound[name] = None if parameter.default is None else []
        elif parameter.kind is parameter.VAR_POSITIONAL:
            bound[name] = list(value)
        elif parameter.kind is parameter.VAR_KEYWORD:
            bound[name] = [ast.keyword(key, node) for key, node in value.items()]
        elif not _fits(parameter, value, guard, bound):
            return None
    return bound


def _own_name(signature: inspect.Signature, keyword: str) -> str:
    """Return the pattern's word for a keyword: PyTorch also takes ``input`` and NumPy's words."""
    known, other = signature.parameters, ALIASES.get(keyword, keyword)
    return other if keyword not in known and other in known else keyword


def _bind_splat(
    pattern: Pattern, args: list[ast.expr], keywords: list[ast.keyword]
) -> Bound | None:
    """Bind a call with ``**options``: only a pattern that takes everything fits it."""
    assert pattern.signature is not None
    kinds = [parameter.kind for parameter in pattern.signature.parameters.values()]
    if kinds != [inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD]:
        return None
    first, second = pattern.signature.parameters
    return {first: list(args), second: list(keywords)}


def _fits(parameter: inspect.Parameter, value: ast.expr, guard: Guard, bound: Bound) -> bool:
    """Bind an argument if it can be what the pattern has in its place."""
    if parameter.annotation is not parameter.empty:
        return _unify(parameter.annotation, value, bound)
    bound[parameter.name] = value
    return not isinstance(value, ast.Starred) and guard(parameter.name, value)


def _unify(pattern: object, value: object, bound: Bound) -> bool:
    """Match an argument that a pattern spells out, such as ``model.state_dict()``."""
    if isinstance(pattern, ast.Name) and isinstance(value, ast.expr):
        bound[pattern.id] = value
        return True
    if isinstance(pattern, ast.AST):
        fields = ast.iter_fields(pattern)
        return type(pattern) is type(value) and all(
            _unify(part, getattr(value, name), bound) for name, part in fields
        )
    if isinstance(pattern, list) and isinstance(value, list):
        pairs = zip(pattern, value, strict=False)
        return len(pattern) == len(value) and all(_unify(a, b, bound) for a, b in pairs)
    return bool(pattern == value)


def names_in(text: str) -> set[str]:
    """Return the names that a piece of code reads."""
    return {node.id for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Name)}


def fill(template: str, bound: Mapping[str, object]) -> ast.stmt:
    """Write the side of this library, with the bound names replaced."""
    tree = ast.parse(template).body[0]
    return cast("ast.stmt", ast.fix_missing_locations(_Filler(bound).visit(tree)))


class _Filler(ast.NodeTransformer):
    """Replace names; leave out arguments that were not given."""

    def __init__(self, bound: Mapping[str, object]) -> None:
        self.bound = bound

    def visit_Name(self, node: ast.Name) -> ast.expr:
        value = self.bound.get(node.id)
        if not isinstance(value, ast.expr):
            return node
        if isinstance(node.ctx, ast.Store) and isinstance(value, ast.Name):
            return ast.Name(value.id, node.ctx)
        return value

    def visit_Tuple(self, node: ast.Tuple) -> ast.expr:
        node.elts = [new for old in node.elts for new in self._argument(old)]
        return node

    def visit_Call(self, node: ast.Call) -> ast.expr:
        node.func = self.visit(node.func)
        node.args = [new for old in node.args for new in self._argument(old)]
        node.keywords = [new for old in node.keywords for new in self._keyword(old)]
        return node

    def _argument(self, node: ast.expr) -> list[ast.expr]:
        name = node.value if isinstance(node, ast.Starred) else node
        if isinstance(name, ast.Name) and name.id in self.bound:
            value = self.bound[name.id]
            if value is None:
                return []
            if isinstance(value, list):
                return cast("list[ast.expr]", value)
        return [self.visit(node)]

    def _keyword(self, node: ast.keyword) -> list[ast.keyword]:
        if isinstance(node.value, ast.Name) and node.value.id in self.bound:
            value = self.bound[node.value.id]
            if value is None:
                return []
            if node.arg is None:
                return cast("list[ast.keyword]", value)
        return [ast.keyword(node.arg, self.visit(node.value))]
