"""Rewrite one expression or statement by the dictionary, and say what was noticed."""

import ast
from typing import Literal, NamedTuple, cast

from .entry import NO_LINE, Entry
from .names import index, is_pytorch, near
from .pattern import GET, Bound, Pattern, bind, dotted, fill, setter
from .scope import MODEL, TENSOR, Scope

Verdict = Literal["same", "nothing", "write", "explain", "unknown"]
DTYPES = {
    *("float32", "float64", "float16", "bfloat16", "float", "double", "half", "FloatTensor"),
    *("int8", "int16", "int32", "int64", "short", "int", "long", "uint8", "bool", "LongTensor"),
}
FRESH = {
    *("torch.Tensor.clone", "torch.clone", "torch.tensor", "torch.empty", "torch.empty_like"),
    *("torch.full", "torch.full_like", "torch.ones", "torch.ones_like", "torch.zeros"),
    *("torch.zeros_like", "torch.rand", "torch.rand_like", "torch.randn", "torch.randn_like"),
}
NAME_AGAIN = "give the result its name again, in a line of its own"
ALONE = "an array never changes: set this place in an assignment of its own"
OTHER_IMPORTS = "the imports to write stand at the end"


class Note(NamedTuple):
    """What there is to say about one of PyTorch's names.

    Args:
        name: The full name.
        verdict: What it means for the line.
        text: In words; empty where the code says it all.
        row: The row of the course, or nothing.

    PyTorch: has no counterpart.
    """

    name: str
    verdict: Verdict
    text: str
    row: str = ""


class Rewriter(ast.NodeTransformer):
    """Replace PyTorch's names, calls and indices from the outside in; collect the notes."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.notes: list[Note] = []

    def statement(self, node: ast.stmt) -> ast.stmt:
        """Rewrite a statement; one row may turn a call into an assignment."""
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            new = self._replaced(node.value, node.value.func)
            if new is not None:
                return new
        if isinstance(node, ast.Assign | ast.AugAssign):
            if isinstance(node.value, ast.Call) and self._is_needless(node.value):
                return node
            noted = len(self.notes)
            new = self._assignment(node)
            if new is not None or len(self.notes) > noted:
                return new or node
        return cast("ast.stmt", self.visit(node))

    def _assignment(self, node: ast.Assign | ast.AugAssign) -> ast.stmt | None:
        """Rewrite an assignment to a part of a tensor, which here makes a new array."""
        targets = _targets(node)
        names = [self._set(target, setter(node)) for target in targets]
        if len(targets) > 1:
            for name in filter(index().get, names):
                self._note(name, "explain", ALONE)
            return None
        (target,), (name,) = targets, names
        if not isinstance(target, ast.Subscript | ast.Attribute) or self._is_lost(name, target):
            return None
        args = [target.slice] if isinstance(target, ast.Subscript) else []
        sure = not self.scope.is_a_guess(target)
        return self._matched(name, target.value, [*args, node.value], [], sure=sure)

    def _set(self, target: ast.expr, how: str) -> str:
        """Return the full name under which setting a place is looked up, or nothing."""
        if isinstance(target, ast.Subscript) and self._is_tensor(_whole(target)):
            return f"torch.Tensor.{how}"
        if isinstance(target, ast.Attribute) and dotted(target.value) != "self":
            return f"{self.scope.full_name(target)}.{how}"
        return ""

    def _is_lost(self, name: str, place: ast.expr, *, used: bool = False) -> bool:
        """Note if a new value has no name to be given, as that of a slice or of a view."""
        rows = index().get(name, ())
        if not any(_names_anew(pattern, entry) for pattern, entry in rows):
            return False
        owner = place.value if isinstance(place, ast.Subscript | ast.Attribute) else place
        if self._is_variable(owner) or (used and self._is_fresh(owner)):
            return False
        whole = ast.unparse(_whole(owner))
        self._note(name, "explain", f"an array never changes: give {whole} a new value by hand")
        return True

    def _is_variable(self, node: ast.expr) -> bool:
        """Tell whether a node names a variable, and no attribute that PyTorch makes."""
        return isinstance(node, ast.Name) or (
            bool(dotted(node)) and self.scope.full_name(node) not in index()
        )

    def _is_fresh(self, node: ast.expr) -> bool:
        """Tell whether a node makes a tensor that nothing else holds, perhaps changed since."""
        if not isinstance(node, ast.Call):
            return False
        name = self.scope.full_name(node.func)
        if name.endswith("_") and isinstance(node.func, ast.Attribute):
            return self._is_fresh(node.func.value)
        return name in FRESH

    def _is_tensor(self, node: ast.expr) -> bool:
        kind = self.scope.kind(node)
        return kind == TENSOR or (self.scope.guess and not kind and bool(dotted(node)))

    def visit_Call(self, node: ast.Call) -> ast.expr:
        """Rewrite a call."""
        fresh = isinstance(node.func, ast.Attribute) and self._is_fresh(node.func.value)
        new = self._replaced(node, node.func, used=True)
        if isinstance(new, ast.Expr):
            return new.value
        if isinstance(new, ast.Assign):
            if not fresh:
                self._note(self.scope.full_name(node.func), "explain", NAME_AGAIN)
            return new.value
        if self.scope.full_name(node.func):  # it has been noted
            node.args = [self.visit(argument) for argument in node.args]
            node.keywords = [self.visit(keyword) for keyword in node.keywords]
            return node
        return cast("ast.expr", self.generic_visit(node))

    def visit_Import(self, node: ast.Import) -> ast.stmt:
        """Keep the imports that are not of PyTorch."""
        kept = [alias for alias in node.names if not is_pytorch(alias.name)]
        if len(kept) < len(node.names):
            self._note(node.names[0].name, "nothing", OTHER_IMPORTS)
        return ast.Import(kept) if kept else node

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.stmt:
        """Note that an import of PyTorch is not needed."""
        if node.module and not node.level and is_pytorch(node.module):
            self._note(node.module, "nothing", OTHER_IMPORTS)
        return node

    def visit_With(self, node: ast.With) -> ast.stmt:
        """Drop the contexts that have nothing to do here."""
        kept = [item for item in node.items if not self._is_needless(item.context_expr)]
        if not kept:
            return node
        node.items = kept
        return cast("ast.stmt", self.generic_visit(node))

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.stmt:
        """Drop such decorators, and give ``forward`` its name here."""
        node.decorator_list = [d for d in node.decorator_list if not self._is_needless(d)]
        if node.name == "forward" and self.scope.kinds.get("self") == MODEL:
            (_, entry), *_ = index()["torch.nn.Module.forward"]
            self._note("torch.nn.Module.forward", "write", entry.differs, entry.row)
            node.name = "__call__"
        return cast("ast.stmt", self.generic_visit(node))

    def _is_needless(self, node: ast.expr) -> bool:
        """Tell whether a context or a decorator has nothing to do here, and note it."""
        name = self.scope.full_name(node.func if isinstance(node, ast.Call) else node)
        entry = next((entry for _, entry in index().get(name, ())), None)
        if entry is None or not entry.is_needless:
            return False
        self._note(name, "nothing", entry.differs, entry.row)
        return True

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        """Rewrite a name with dots."""
        return self._named(node)

    def visit_Name(self, node: ast.Name) -> ast.expr:
        """Rewrite a name."""
        return self._named(node)

    def visit_Subscript(self, node: ast.Subscript) -> ast.expr:
        """Rewrite the reading of elements that JAX would answer otherwise."""
        if isinstance(node.ctx, ast.Load) and self._is_tensor(node.value):
            new = self._matched(f"torch.Tensor.{GET}", node.value, [node.slice], [])
            if isinstance(new, ast.Expr):
                return new.value
        return cast("ast.expr", self.generic_visit(node))

    def _named(self, node: ast.Name | ast.Attribute) -> ast.expr:
        """Rewrite a name that is not called."""
        name = self.scope.full_name(node) if isinstance(node.ctx, ast.Load) else ""
        for pattern, entry in index().get(name, ()):
            receiver = node.value if isinstance(node, ast.Attribute) else None
            if pattern.signature is None:
                new = self._write(pattern, entry, {}, receiver)
                return new.value if isinstance(new, ast.Expr) else node
            function = _function_of(pattern, entry)
            if function is not None:
                self._note(name, "write", entry.differs, entry.row)
                return function
        if name and name not in index():
            self._unknown(name)
        return cast("ast.expr", self.generic_visit(node))

    def _replaced(
        self, node: ast.Call, function: ast.expr, *, used: bool = False
    ) -> ast.stmt | None:
        """Rewrite a call of one of PyTorch's names, or note why it stays."""
        name = self.scope.full_name(function)
        if not name:
            return None
        if name not in index():
            self._unknown(name)
            return None
        owner = function.value if isinstance(function, ast.Attribute) else None
        if self._is_lost(name, function, used=used):
            return None
        sure = not self.scope.is_a_guess(function)
        new = self._matched(name, owner, node.args, node.keywords, sure=sure)
        if new is None and not any(note.name == name for note in self.notes):
            forms = ", ".join(pattern.text for pattern, _ in index()[name])
            self._note(name, "explain", f"these arguments are not known here: write {forms}")
        return new

    def _matched(
        self,
        name: str,
        owner: ast.expr | None,
        args: list[ast.expr],
        keywords: list[ast.keyword],
        *,
        sure: bool = True,
    ) -> ast.stmt | None:
        """Rewrite by the first row of a name whose arguments fit."""
        given = {str(keyword.arg) for keyword in keywords}
        for pattern, entry in index().get(name, ()):
            kept = [keyword for keyword in keywords if keyword.arg not in entry.left_out]
            is_name = pattern.signature is None
            bound = {} if is_name else bind(pattern, args, kept, self._guard)
            if bound is None or given & set(entry.refused):
                continue
            self._say_left_out(name, given & set(entry.left_out))
            if is_name:
                return self._renamed(pattern, entry, owner, args, kept)
            return self._write(pattern, entry, bound, owner, sure=sure)
        return None

    def _renamed(
        self,
        pattern: Pattern,
        entry: Entry,
        owner: ast.expr | None,
        args: list[ast.expr],
        keywords: list[ast.keyword],
    ) -> ast.stmt | None:
        """Rewrite the name of what is called, and carry the arguments over."""
        new = self._write(pattern, entry, {}, owner)
        if not isinstance(new, ast.Expr):
            return None
        args = [self.visit(argument) for argument in args]
        return ast.Expr(ast.Call(new.value, args, [self.visit(keyword) for keyword in keywords]))

    def _write(
        self,
        pattern: Pattern,
        entry: Entry,
        bound: Bound,
        owner: ast.expr | None,
        *,
        sure: bool = True,
    ) -> ast.stmt | None:
        """Fill in a row's template; a row without one is noted."""
        text = entry.differs if sure or owner is None else _if_tensor(owner, entry.differs)
        if not entry.template:
            self._note(pattern.name, *_words(entry, text), entry.row)
            return None
        self._note(pattern.name, "write", text, entry.row)
        used = {
            node.id for node in ast.walk(ast.parse(entry.template)) if isinstance(node, ast.Name)
        }
        values = {name: self._visited(value) for name, value in bound.items() if name in used}
        if pattern.receiver is not None and owner is not None:
            values[pattern.receiver] = self.visit(owner)
        return fill(entry.template, values)

    def _visited(self, value: object) -> object:
        """Rewrite what an argument holds."""
        if isinstance(value, list):
            return [self.visit(node) for node in value]
        return self.visit(value) if isinstance(value, ast.AST) else value

    def _guard(self, name: str, node: ast.expr) -> bool:
        """Tell whether an argument is of the sort that its name in a pattern promises."""
        match name:
            case "dtype":
                return self._is_dtype(node)
            case "dim":
                return self._may_be_axis(node)
            case "integer":
                return _is_integer(node)
            case "items":
                return isinstance(node, ast.List)
            case "mask":
                return isinstance(node, ast.Compare)
        return True

    def _may_be_axis(self, node: ast.expr) -> bool:
        if isinstance(node, ast.Name) and self.scope.guess:
            return node.id in {"dim", "axis"}
        return self.scope.kind(node) != TENSOR

    def _is_dtype(self, node: ast.expr) -> bool:
        full = self.scope.full_name(node)
        if full.startswith("torch.") and full.removeprefix("torch.") in DTYPES:
            return True
        return dotted(node).endswith("dtype")

    def _say_left_out(self, name: str, gone: set[str]) -> None:
        if gone:
            self._note(name, "write", f"without {', '.join(sorted(gone))}")

    def _unknown(self, name: str) -> None:
        if is_pytorch(name):
            similar = near(name)
            advice = f": did you mean {', '.join(similar)}?" if similar else ""
            self._note(name, "unknown", f"{name} is not in the dictionary{advice}")

    def _note(self, name: str, verdict: Verdict, text: str, row: str = "") -> None:
        note = Note(name, verdict, text, row)
        if note not in self.notes:
            self.notes.append(note)


def _words(entry: Entry, text: str) -> tuple[Verdict, str]:
    """Return the verdict and the text of a row that has words instead of code."""
    if entry.is_needless:
        return "nothing", text
    advice = entry.here.removeprefix(NO_LINE)
    return "explain", f"{advice}: {text}" if text else advice


def _targets(node: ast.Assign | ast.AugAssign) -> list[ast.expr]:
    """Return the places that an assignment sets, one by one."""
    if isinstance(node, ast.AugAssign):
        return [node.target]
    return [place for target in node.targets for place in _unpacked(target)]


def _unpacked(target: ast.expr) -> list[ast.expr]:
    """Return the places within a tuple or a list."""
    if isinstance(target, ast.Tuple | ast.List):
        return [place for part in target.elts for place in _unpacked(part)]
    return [target.value if isinstance(target, ast.Starred) else target]


def _whole(node: ast.expr) -> ast.expr:
    """Return what a node is a part of, or a view by a method or an attribute."""
    match node:
        case ast.Subscript(value=inner) | ast.Call(func=ast.Attribute(value=inner)):
            return _whole(inner)
        case ast.Attribute(value=inner, attr="data" | "T" | "mT"):
            return _whole(inner)
    return node


def _names_anew(pattern: Pattern, entry: Entry) -> bool:
    """Tell whether a row gives the receiver's name to a new value."""
    line = ast.parse(entry.template).body[0] if entry.template else None
    return isinstance(line, ast.Assign) and dotted(line.targets[0]) == pattern.receiver


def _is_integer(node: ast.expr) -> bool:
    """Tell whether a whole number is written there."""
    number = node.operand if isinstance(node, ast.UnaryOp) else node
    return isinstance(number, ast.Constant) and type(number.value) is int


def _if_tensor(owner: ast.expr, text: str) -> str:
    """Say that a row holds only if its owner is what it was taken for."""
    condition = f"if {ast.unparse(owner)} is a tensor"
    return f"{condition}: {text}" if text else condition


def _function_of(pattern: Pattern, entry: Entry) -> ast.expr | None:
    """Return the function of ``f(a, b)`` → ``g(a, b)``, to be passed on without a call."""
    if not entry.template or pattern.receiver is not None or pattern.signature is None:
        return None
    call = getattr(ast.parse(entry.template).body[0], "value", None)
    if not isinstance(call, ast.Call):
        return None
    passed = [dotted(node) for node in call.args]
    passed += [dotted(keyword.value) for keyword in call.keywords]
    return call.func if passed == list(pattern.signature.parameters) else None
