"""What a statement tells about the names that come after it."""

import ast

from .names import bound_by
from .pattern import dotted
from .scope import MODEL, OTHER, TENSOR, Scope

BASES = {
    "torch.nn.Module": MODEL,
    "torch.nn.Sequential": MODEL,
    "torch.autograd.Function": "function",
    "torch.utils.data.Dataset": "dataset",
}
Function = ast.FunctionDef | ast.AsyncFunctionDef


def learn(node: ast.stmt, scope: Scope) -> None:
    """Remember what a statement binds."""
    match node:
        case ast.Import() | ast.ImportFrom():
            scope.imports.update(bound_by(node))
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                _assign(target, value, scope)
        case ast.AnnAssign(target=target, annotation=annotation):
            _put(target, scope.kind_of_annotation(annotation), scope)
        case ast.For(target=target, iter=source) | ast.AsyncFor(target=target, iter=source):
            learn_loop(target, source, scope)
        case ast.ClassDef(name=name):
            scope.classes[name] = kind_of_class(node, scope)
        case ast.FunctionDef(name=name, returns=returns):
            scope.classes[name] = scope.kind_of_annotation(returns)


def _assign(target: ast.expr, value: ast.expr, scope: Scope) -> None:
    """Bind one name, or several at once."""
    if not isinstance(target, ast.Tuple | ast.List):
        _put(target, scope.kind(value), scope)
    elif isinstance(value, ast.Tuple) and len(value.elts) == len(target.elts):
        kinds = [scope.kind(part) for part in value.elts]
        for name, kind in zip(target.elts, kinds, strict=True):
            _put(name, kind, scope)
    else:
        kind = scope.kind(value)
        for name in target.elts:
            _put(name, kind if kind == TENSOR else "", scope)


def _put(target: ast.expr, kind: str, scope: Scope) -> None:
    """Bind one name; what is unknown is forgotten."""
    path = dotted(target)
    if kind:
        scope.kinds[path] = kind
    else:
        scope.kinds.pop(path, None)


def learn_loop(target: ast.expr, source: ast.expr, scope: Scope) -> None:
    """Know that what a loader gives are arrays, also through ``enumerate`` or a progress bar."""
    loaders = [source, *(source.args if isinstance(source, ast.Call) else [])]
    gives_tensors = any(scope.kind(node) in {"loader", TENSOR} for node in loaders)
    counted = dotted(source.func) == "enumerate" if isinstance(source, ast.Call) else False
    if counted and isinstance(target, ast.Tuple) and len(target.elts) == 2:
        _put(target.elts[0], OTHER, scope)
        target = target.elts[1]
    for name in target.elts if isinstance(target, ast.Tuple) else [target]:
        _put(name, TENSOR if gives_tensors else "", scope)


def kind_of_class(node: ast.ClassDef, scope: Scope) -> str:
    """Return what the constructor of a class of the program makes."""
    bases = [
        scope.classes.get(dotted(base)) or BASES.get(scope.full_name(base)) for base in node.bases
    ]
    return next((kind for kind in bases if kind), OTHER)


def inside_function(node: Function, scope: Scope) -> Scope:
    """Return what is known at the beginning of a function's body."""
    inner = scope.inner()
    arguments = node.args
    is_forward = scope.kinds.get("self") == MODEL and node.name in {"forward", "__call__"}
    for argument in [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]:
        kind = scope.kind_of_annotation(argument.annotation)
        if argument.arg != "self":
            _put(ast.Name(argument.arg), kind or (TENSOR if is_forward else ""), inner)
    return inner


def inside_class(node: ast.ClassDef, scope: Scope) -> Scope:
    """Return what is known at the beginning of a class's body."""
    inner = scope.inner()
    inner.kinds["self"] = scope.classes[node.name]
    return inner


def keep_attributes(method: Scope, scope: Scope) -> None:
    """Let the other methods of a class know what ``self.…`` holds."""
    scope.kinds.update({k: v for k, v in method.kinds.items() if k.startswith("self.")})
