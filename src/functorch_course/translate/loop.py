"""Recognise the training loop: forward, loss, backward, step become one function call."""

import ast
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from .line import Translation, rewrite
from .pattern import dotted
from .rewrite import Note
from .scope import MODEL, Scope

IN_ONE = "`step` computes outputs, loss, gradient and update in one call"
ROW = "D170"


@dataclass(frozen=True)
class Update:
    """The statements of one update, and what they work on.

    Args:
        model: What is trained.
        criterion: The loss, already in this library's words.
        optimizer: What moves the parameters.
        names: What to call the step and the state: names that the script does not use.
        lines: The translation of each statement that takes part.
        follows: Whether the model is read between two updates, and must follow each of them.
    """

    model: str
    criterion: str
    optimizer: str
    names: tuple[str, str]
    lines: dict[ast.stmt, Translation]
    follows: bool

    @property
    def before(self) -> tuple[str, ...]:
        """What to write before the first loop."""
        step, state = self.names
        made = f"fc.training.make_step({self.model}, {self.criterion}, {self.optimizer})"
        started = f"fc.training.start({self.model}, {self.optimizer})"
        return f"{step} = jax.jit({made})", f"{state} = {started}"

    @property
    def after(self) -> tuple[str, ...]:
        """What to write after the loop over the batches, so that the model is the trained one."""
        return () if self.follows else (_trained(self.model, self.names[1]),)


def find_update(body: list[ast.stmt], scope: Scope, taken: Collection[str]) -> Update | None:
    """Return the update that a loop's body makes, if it is the usual one.

    The usual one is ``loss = criterion(model(x), y)``, perhaps with the outputs in a variable,
    ``zero_grad()``, ``loss.backward()`` and ``optimizer.step()``, once each. Where ``zero_grad()``
    is missing, PyTorch adds the gradients of all updates up, which is something else; so is a
    loss or an output that a second statement changes.
    """
    calls = {node: _method(node) for node in body}
    backward = _only(node for node, (_, name) in calls.items() if name == "backward")
    step = _only(node for node, (owner, name) in calls.items() if _steps(owner, name, scope))
    if backward is None or step is None or not any(map(_zeroes, body)):
        return None
    assigned = {_target(node): node for node in body if isinstance(node, ast.Assign)}
    loss = assigned.get(calls[backward][0])
    parts = _parts_of_loss(loss, assigned, scope)
    if loss is None or parts is None:
        return None
    forward, inputs, targets, criterion = parts
    name = calls[backward][0]
    outputs = assigned.get(_forward_name(loss))
    if not all(_set_once(body, node) for node in (loss, outputs) if node):
        return None
    names = _free("step", taken), _free("state", taken)
    given = ", ".join([names[1], *(_written(node, scope) for node in (inputs, targets))])
    written = f"{names[1]}, {name} = {names[0]}({given})"
    kept = outputs is not None and _reads(body, _target(outputs)) > 1
    model = dotted(forward)
    follows = kept or _reads(body, model) > 1 + sum(_only_switches(node, model) for node in body)
    if follows:
        written += "\n" + _trained(model, names[1])
    note = Note("torch.Tensor.backward", "write", IN_ONE, ROW)
    lines: dict[ast.stmt, Translation] = {
        loss: Translation(ast.unparse(loss), written, "write", (note,))
    }
    lines |= {node: _in_step(node) for node in (backward, step)}
    if outputs is not None and not kept:
        lines[outputs] = _in_step(outputs)
    return Update(model, criterion, calls[step][0], names, lines, follows)


def _only(nodes: Iterator[ast.stmt]) -> ast.stmt | None:
    """Return the one statement that there is; None if there are several or none."""
    found = list(nodes)
    return found[0] if len(found) == 1 else None


def _zeroes(node: ast.stmt) -> bool:
    """Tell whether a statement sets gradients to zero."""
    return _called(node).endswith(".zero_grad")


def _only_switches(node: ast.stmt, model: str) -> bool:
    """Tell whether a statement only switches the model's mode, or zeroes its gradients."""
    return _called(node) in {f"{model}.{name}" for name in ("train", "eval", "zero_grad")}


def _called(node: ast.stmt) -> str:
    """Return what a statement calls, and nothing else."""
    call = node.value if isinstance(node, ast.Expr) else None
    return dotted(call.func) if isinstance(call, ast.Call) else ""


def _trained(model: str, state: str) -> str:
    """Return the line that gives the model its new arrays."""
    arrays = f"{state}.parameters, {state}.buffers"
    return f"{model} = fc.training.with_arrays({model}, {arrays})"


def _free(name: str, taken: Collection[str]) -> str:
    """Return a name that the script does not use."""
    return _free(f"{name}_", taken) if name in taken else name


def _written(node: ast.expr, scope: Scope) -> str:
    """Return an argument as it is written here."""
    return rewrite(ast.Expr(node), scope).here


def _steps(owner: str, name: str, scope: Scope) -> bool:
    """Tell whether a call is an optimizer's step."""
    return name == "step" and scope.kind(ast.parse(owner, mode="eval").body) == "optimizer"


def _method(node: ast.stmt) -> tuple[str, str]:
    """Return owner and method of a statement that only calls a method without arguments."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        call = node.value
        if isinstance(call.func, ast.Attribute) and not call.args and not call.keywords:
            owner = dotted(call.func.value)
            return (owner, call.func.attr) if owner else ("", "")
    return "", ""


def _target(node: ast.Assign) -> str:
    return dotted(node.targets[0])


def _set_once(body: list[ast.stmt], assigned: ast.Assign) -> bool:
    """Tell whether one assignment, and nothing else, gives a variable its value."""
    name, nodes = _target(assigned), [node for statement in body for node in ast.walk(statement)]
    stored = [node for node in _places(nodes, name) if isinstance(node.ctx, ast.Store)]
    methods = (node for node in nodes if isinstance(node, ast.Attribute))
    changed = any(_is_in_place(node.attr) and dotted(node.value) == name for node in methods)
    return len(stored) == len(assigned.targets) == 1 and not changed


def _is_in_place(method: str) -> bool:
    """Tell whether a method's name says that it changes its owner, such as ``div_``."""
    return method.endswith("_") and not method.startswith("_")


def _forward_name(loss: ast.Assign) -> str:
    """Return the variable that holds the outputs, if there is one."""
    call = loss.value
    return dotted(call.args[0]) if isinstance(call, ast.Call) and call.args else ""


def _parts_of_loss(
    loss: ast.Assign | None, assigned: dict[str, ast.Assign], scope: Scope
) -> tuple[ast.expr, ast.expr, ast.expr, str] | None:
    """Return model, inputs, targets and criterion of ``criterion(model(x), y)``."""
    call = loss.value if loss else None
    if not isinstance(call, ast.Call) or len(call.args) != 2 or call.keywords:
        return None
    outputs, targets = call.args
    if isinstance(outputs, ast.Name) and outputs.id in assigned:
        outputs = assigned[outputs.id].value
    is_forward = isinstance(outputs, ast.Call) and scope.kind(outputs.func) == MODEL
    if not is_forward or not isinstance(outputs, ast.Call) or len(outputs.args) != 1:
        return None
    criterion = _criterion(call.func, scope)
    return (outputs.func, outputs.args[0], targets, criterion) if criterion else None


def _criterion(function: ast.expr, scope: Scope) -> str:
    """Return the loss in this library's words, or nothing for what is no loss."""
    if scope.kind(function) == "criterion":
        return ast.unparse(function)
    if scope.full_name(function).startswith("torch.nn.functional."):
        return rewrite(ast.Expr(function), scope).here
    return ""


def _reads(body: list[ast.stmt], name: str) -> int:
    """Count how often a variable is read, also one with dots."""
    nodes = [node for statement in body for node in ast.walk(statement)]
    return sum(isinstance(node.ctx, ast.Load) for node in _places(nodes, name))


def _places(nodes: list[ast.AST], name: str) -> Iterator[ast.Name | ast.Attribute]:
    """Yield where a variable is read or set."""
    places = (node for node in nodes if isinstance(node, ast.Name | ast.Attribute))
    return (node for node in places if dotted(node) == name)


def _in_step(node: ast.stmt) -> Translation:
    """Say that a statement is part of ``step``."""
    note = Note("torch.optim.Optimizer.step", "nothing", IN_ONE)
    return Translation(ast.unparse(node), "", "nothing", (note,))
