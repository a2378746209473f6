"""PyTorch's name for what JAX does, and what PyTorch would list and save there."""

import os
from collections.abc import Container, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import jax
import jax.numpy as jnp
from jax.extend import core

from functorch_course.autograd.tree import Tree

_JAX, OWN = f"{Path(jax.__file__).parent}{os.sep}", f"{Path(__file__).parents[1]}{os.sep}"
_LIBRARIES = (_JAX, OWN)

_SAME = {
    "abs": "Abs", "add": "Add", "add_any": "Add", "acos": "Acos", "asin": "Asin", "atan": "Atan",
    "atan2": "Atan2", "ceil": "Ceil", "concatenate": "Cat", "cos": "Cos", "cosh": "Cosh",
    "cumsum": "Cumsum", "div": "Div", "erf": "Erf", "erf_inv": "Erfinv", "exp": "Exp",
    "expm1": "Expm1", "floor": "Floor", "log": "Log", "log1p": "Log1P", "logistic": "Sigmoid",
    "max": "Maximum", "min": "Minimum", "mul": "Mul", "neg": "Neg", "rem": "Fmod",
    "reshape": "View", "rev": "Flip", "round": "Round", "rsqrt": "Rsqrt", "sign": "Sign",
    "sin": "Sin", "sinh": "Sinh", "sort": "Sort", "sqrt": "Sqrt", "stack": "Stack", "tan": "Tan",
    "tanh": "Tanh", "tile": "Repeat", "convert_element_type": "ToCopy", "copy": "Clone",
    "copy_p": "Clone",
}  # fmt: skip

_PLAIN = {"dot_general": "matmul", "logistic": "sigmoid", "broadcast_in_dim": "expand"}

#: Calls that PyTorch has one node for; whatever else is called is opened.
_FOLDED = {
    "relu": "Relu", "log_softmax": "LogSoftmax", "clip": "Clamp", "softplus": "Softplus",
    "norm": "LinalgVectorNorm", "_std": "Std", "_var": "Var", "_where": "Where", "_abs": "Abs",
    "cumsum": "Cumsum", "silu": "Silu", "leaky_relu": "LeakyRelu", "elu": "Elu", "_roll": "Roll",
    "triu": "Triu", "tril": "Tril", "square": "Pow", "log_sigmoid": "LogSigmoid",
    "relu6": "Hardtanh", "hypot": "Hypot", "trace": "Trace", "remainder": "Remainder",
    "_roll_static": "Roll", "take_along_axis": "Gather",
}  # fmt: skip

#: Functions of this library that look values up, and PyTorch's names for them.
_LOOKUPS = {
    "max": "Max", "min": "Min", "median": "Median", "index_select": "IndexSelect", "take": "Take",
}  # fmt: skip

#: Which inputs PyTorch lists, where it is not all floats.
_LISTED = {"clip": [0], "_where": [1, 2], "remainder": [0], "take_along_axis": [0], "elu": [0]}

_SAVES_RESULT = {
    "Exp", "Expm1", "LogSoftmax", "Reciprocal", "Relu", "Rsqrt", "Sigmoid", "Sqrt", "Tan", "Tanh",
}  # fmt: skip
_SAVES_SELF = {"Abs", "Acos", "Asin", "Atan", "Cos", "Erf", "Log", "Log1P", "Sin", "Softplus"}
_SECOND_FACTOR = {"Mul": "other", "Dot": "tensor", "Mm": "mat2", "Mv": "vec", "Bmm": "mat2"}


class Counterpart(NamedTuple):
    """What PyTorch has in place of an equation: a name, and the inputs it lists."""

    name: str
    listed: list[int]


def calls(equation: core.JaxprEqn, library: str = _JAX) -> set[str]:
    """Name the functions of a library between the user's line and an equation."""
    traceback = equation.source_info.traceback
    names: set[str] = set()
    frames: list[Any] = traceback.frames if traceback else []
    for frame in frames:
        if not frame.file_name.startswith(_LIBRARIES):
            break
        if frame.file_name.startswith(library):
            names.add(frame.function_name)
    return names


def instruction(equation: core.JaxprEqn) -> tuple[object, int] | None:
    """Point to the instruction of the user's code that an equation comes from."""
    traceback = equation.source_info.traceback
    frames: tuple[list[Any], list[int]] = traceback.raw_frames() if traceback else ([], [])
    places = zip(*frames, strict=True)
    return next((each for each in places if not each[0].co_filename.startswith(_LIBRARIES)), None)


class Call(NamedTuple):
    """A call of a library function: which, from where, and how far it had come."""

    function: str
    place: object
    offset: tuple[int, ...]


def enclosing_call(equation: core.JaxprEqn, functions: Container[str]) -> Call | None:
    """Find the outermost call of some library functions that an equation was made in."""
    traceback = equation.source_info.traceback
    frames: tuple[list[Any], list[int]] = traceback.raw_frames() if traceback else ([], [])
    found: Call | None = None
    offset: tuple[int, ...] = ()
    for code, instruction in zip(*frames, strict=True):
        if not code.co_filename.startswith(_LIBRARIES):
            return found and found._replace(place=(code, instruction))
        offset = (instruction, *offset)
        if code.co_name in functions:
            found = Call(code.co_name, None, offset)
    return found


def is_folded(equation: core.JaxprEqn) -> bool:
    """Tell whether PyTorch has one node for a call: a library function it knows."""
    if equation.primitive.name.startswith("custom_"):
        return True
    if equation.params.get("name") not in _FOLDED:
        return False
    source = equation.params["jaxpr"].jaxpr.debug_info.func_src_info
    return any(library in source for library in _LIBRARIES)


def counterpart(equation: core.JaxprEqn) -> Counterpart:
    """Find what PyTorch has in place of an equation."""
    stem, version, listed = _stem(equation)
    if listed is None:
        listed = [i for i, atom in enumerate(equation.invars) if _is_float(atom)]
    return Counterpart(f"{stem}Backward{version}", listed)


def operation_of(equation: core.JaxprEqn) -> str:
    """Say in a word or two what an equation does."""
    is_call = equation.primitive.name in {"jit", "pjit"} or "custom_" in equation.primitive.name
    if is_call:
        return _called(equation).lstrip("_")
    name, last = equation.primitive.name, equation.invars[-1]
    if name in {"integer_pow", "square"}:
        return f"power {equation.params.get('y', 2)}"
    if name == "pow" and isinstance(last, core.Literal):
        return f"power {last.val:g}"
    return _PLAIN.get(name, name.removeprefix("reduce_"))


def saved_by(
    name: str, inputs: Sequence[Any], needs: Sequence[bool], result: Tree
) -> dict[str, Any]:
    """Return what PyTorch saves for the backward pass, by the names it uses."""
    stem = name.partition("Backward")[0]
    if stem in _SAVES_RESULT:
        return {"result": result}
    if stem in _SAVES_SELF:
        return {"self": inputs[0]}
    if stem == "Pow":
        return {"self": inputs[0]} | ({"exponent": inputs[1]} if len(inputs) > 1 else {})
    if stem in _SECOND_FACTOR and len(inputs) == 2:
        first = {"self": inputs[0]} if needs[1] else {}
        return first | ({_SECOND_FACTOR[stem]: inputs[1]} if needs[0] else {})
    if stem == "Div":
        return ({"self": inputs[0]} if needs[1] else {}) | {"other": inputs[1]}
    return {}


def _called(equation: core.JaxprEqn) -> str:
    """Name the function that a call runs."""
    parameters = equation.params
    return str(parameters.get("name") or parameters["call_jaxpr"].jaxpr.debug_info.func_name)


def _is_float(atom: core.Var | core.Literal) -> bool:
    value = atom.val if isinstance(atom, core.Literal) else atom.aval
    return bool(jnp.issubdtype(jnp.result_type(value), jnp.inexact))


def _stem(equation: core.JaxprEqn) -> tuple[str, str, list[int] | None]:
    """Return name, version number, and which inputs are listed; None for all floats."""
    name, parameters = equation.primitive.name, equation.params
    literal = [isinstance(atom, core.Literal) for atom in equation.invars]
    whole = len(parameters.get("axes", ())) == _ndim(equation)
    match name:
        case "jit" | "pjit" | "custom_jvp_call":
            called = _called(equation)
            version = "1" if called == "clip" else "0"
            stem = _lookup(calls(equation, OWN)) if called == "take_along_axis" else ""
            version = "1" if stem == "Median" and _ndim(equation) > 1 else version
            return stem or _FOLDED.get(called, _camel(called)), version, _LISTED.get(called)
        case "custom_vjp_call":
            return _called(equation), "", None
        case "add" | "mul" if literal[0]:
            return name.title(), "0", [1, 0]  # PyTorch writes 2 * x as x * 2
        case "sub":
            return ("Rsub", "1", [1]) if literal[0] else ("Sub", "0", None)
        case "integer_pow" if parameters["y"] == -1 and not calls(equation) & {"power", "_pow"}:
            return "Reciprocal", "0", [0]
        case "integer_pow" | "square":
            return "Pow", "0", [0]
        case "pow":
            return "Pow", "0" if literal[1] else "2" if literal[0] else "1", _not(literal)
        case "reduce_sum":
            return "Sum", "0" if whole else "1", None
        case "reduce_prod":
            return "Prod", "0" if whole else "1", None
        case "reduce_max" | "reduce_min":
            which = name.removeprefix("reduce_").title()
            return (which, "1", None) if whole else (f"A{which.lower()}", "0", None)
        case "broadcast_in_dim":
            return ("Expand" if "broadcast_to" in calls(equation) else "Unsqueeze"), "0", [0]
        case "squeeze":
            return ("Select", "0", None) if _is_indexing(equation) else ("Squeeze", "1", None)
        case "transpose":
            return _transposition(calls(equation)), "0", None
        case "select_n":
            return "Where", "0", [2, 1] if len(literal) == 3 else None
        case "gather" | "dynamic_slice":
            return _lookup(calls(equation, OWN)) or "Index", "0", [0]
        case "pad":
            return "ConstantPadNd", "0", [0]
        case _:
            return _SAME.get(name, _camel(name)), "0", None


def _transposition(called: set[str]) -> str:
    """Name an exchange of axes: of two that are named, or of all."""
    is_of_all = called & {"transpose", "moveaxis"} and "matrix_transpose" not in called
    return "Permute" if is_of_all else "Transpose"


def _lookup(called: set[str]) -> str:
    """Name a lookup by the function of this library that asked for it, if one did."""
    return next((name for function, name in _LOOKUPS.items() if function in called), "")


def _is_indexing(equation: core.JaxprEqn) -> bool:
    """Tell whether brackets were written, around a number for an axis of length one."""
    return "_static_slice" in calls(equation)


def _not(flags: list[bool]) -> list[int]:
    return [i for i, flag in enumerate(flags) if not flag]


def _ndim(equation: core.JaxprEqn) -> int:
    return len(getattr(equation.invars[0].aval, "shape", ())) if equation.invars else 0


def _camel(name: str) -> str:
    return "".join(part.title() for part in name.split("_"))
