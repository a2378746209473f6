"""A reader of pickles that builds plain values and can run nothing.

A pickle is a program for a small stack machine. Python's own reader lets that program import and
call anything. This one knows the few instructions that describe data, and for the names that it
meets only what its caller hands it.
"""

import pickletools
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

T = TypeVar("T")
Constants = Mapping[str, object]
Functions = Mapping[str, Callable[..., object]]


class PickleError(ValueError):
    """The pickle is broken, or asks for more than data."""


def read_pickle(
    data: bytes, constants: Constants, functions: Functions, load: Callable[[object], object]
) -> object:
    """Return the value that a pickle of protocol 2 describes, without running it.

    Args:
        data: The bytes of the pickle.
        constants: What the pickle may name, by ``"module.name"``.
        functions: What it may name and call. What they return may be a :class:`Built`.
        load: Returns the value of a persistent id.

    Returns:
        Numbers, strings, dicts, lists and tuples, and what the functions return.

    Raises:
        PickleError: If anything else comes. Nothing has been run then.

    Example:
        >>> import pickle
        >>> read_pickle(pickle.dumps({"a": [1, None]}, protocol=2), {}, {}, load=print)
        {'a': [1, None]}
        >>> read_pickle(pickle.dumps(print, protocol=2), {}, {}, load=print)
        Traceback (most recent call last):
        functorch_course.plain_pickle.PickleError: it names __builtin__.print, which is no plain
        data; nothing was run

    PyTorch: ``torch.load(..., weights_only=True)`` reads in this way.
    """
    machine = _Machine(constants, functions, load)
    try:
        for operation, argument, _ in pickletools.genops(data):
            machine.run(operation.name, argument)
        return machine.pop(object)
    except PickleError:
        raise
    except _BROKEN as error:
        # Where warnings are errors, Python warns in this way of a backslash in a name.
        raise PickleError(f"its pickle is broken: {error}") from error


_BROKEN = (
    ValueError, LookupError, TypeError, OverflowError, RecursionError, DeprecationWarning
)  # fmt: skip


class Built(ABC):
    """Something that the pickle makes empty, and then fills."""

    @abstractmethod
    def build(self, state: object) -> None:
        """Take in what it holds."""


class _Function:
    """A function that the pickle may call; nothing else can be."""

    def __init__(self, call: Callable[..., object]) -> None:
        self.call = call


class _Machine:
    """The stack, the stacks put aside at marks, and the memory of a pickle being read."""

    def __init__(
        self, constants: Constants, functions: Functions, load: Callable[[object], object]
    ) -> None:
        wrapped = {name: _Function(function) for name, function in functions.items()}
        self.names = {**constants, **wrapped}
        self.load = load
        self.stack: list[Any] = []
        self.aside: list[list[Any]] = []
        self.memory: dict[int, object] = {}

    def run(self, name: str, argument: Any) -> None:  # noqa: ANN401
        """Carry out one instruction."""
        if name not in _INSTRUCTIONS:
            raise PickleError(f"its pickle uses {name}, which does not describe plain data")
        _INSTRUCTIONS[name](self, argument)

    def push(self, value: object) -> None:
        """Put a value on the stack."""
        self.stack.append(value)

    def pop(self, kind: type[T]) -> T:
        """Take the last value, which must be of a kind."""
        return _of(kind, self.stack.pop())

    def last(self, kind: type[T]) -> T:
        """Look at the last value, which must be of a kind."""
        return _of(kind, self.stack[-1])

    def mark(self) -> None:
        """Put the stack aside and begin a new one."""
        self.aside.append(self.stack)
        self.stack = []

    def since_mark(self) -> list[Any]:
        """Return the stack since the last mark and take the one put aside."""
        values, self.stack = self.stack, self.aside.pop()
        return values

    def remember(self, place: int) -> None:
        """Keep the last value under a number."""
        self.memory[place] = self.stack[-1]

    def extend(self, values: Sequence[Any]) -> None:
        """Append values to the list that is last on the stack."""
        self.last(list).extend(values)

    def take(self, count: int) -> tuple[Any, ...]:
        """Return the last values in the order in which they were pushed."""
        values = [self.pop(object) for _ in range(count)]
        return tuple(reversed(values))

    def set_items(self, flat: Sequence[Any]) -> None:
        """Put key, value, key, value ... into the dict that is last on the stack."""
        if not all(isinstance(key, str | int) for key in flat[::2]):
            raise PickleError("its pickle has a dict with keys that are neither text nor numbers")
        self.last(dict).update(zip(flat[::2], flat[1::2], strict=True))

    def name(self, words: str) -> None:
        """Push what a name stands for, if it is known."""
        dotted = words.replace(" ", ".")
        if dotted not in self.names:
            raise PickleError(f"it names {dotted}, which is no plain data; nothing was run")
        self.push(self.names[dotted])

    def build(self) -> None:
        """Fill what is last on the stack, if it can be; attributes of others are left out."""
        state = self.pop(object)
        made = self.last(object)
        if isinstance(made, Built):
            made.build(state)

    def call(self) -> None:
        """Push what a known function returns."""
        arguments = self.pop(tuple)
        self.push(self.pop(_Function).call(*arguments))


def _of(kind: type[T], value: object) -> T:
    """Return a value that must be of a kind."""
    if not isinstance(value, kind):
        raise PickleError(f"its pickle has {type(value).__name__} where {kind.__name__} belongs")
    return value


_INSTRUCTIONS: dict[str, Callable[[_Machine, Any], object]] = {
    "PROTO": lambda _, version: version,
    "STOP": lambda _, nothing: nothing,
    "MARK": lambda machine, _: machine.mark(),
    "NONE": lambda machine, _: machine.push(None),
    "NEWTRUE": lambda machine, _: machine.push(True),
    "NEWFALSE": lambda machine, _: machine.push(False),
    "EMPTY_DICT": lambda machine, _: machine.push({}),
    "EMPTY_LIST": lambda machine, _: machine.push([]),
    "EMPTY_TUPLE": lambda machine, _: machine.push(()),
    "TUPLE1": lambda machine, _: machine.push(machine.take(1)),
    "TUPLE2": lambda machine, _: machine.push(machine.take(2)),
    "TUPLE3": lambda machine, _: machine.push(machine.take(3)),
    "TUPLE": lambda machine, _: machine.push(tuple(machine.since_mark())),
    "APPEND": lambda machine, _: machine.extend(machine.take(1)),
    "APPENDS": lambda machine, _: machine.extend(machine.since_mark()),
    "SETITEM": lambda machine, _: machine.set_items(machine.take(2)),
    "SETITEMS": lambda machine, _: machine.set_items(machine.since_mark()),
    "BINPUT": _Machine.remember,
    "LONG_BINPUT": _Machine.remember,
    "BINGET": lambda machine, place: machine.push(machine.memory[place]),
    "LONG_BINGET": lambda machine, place: machine.push(machine.memory[place]),
    "GLOBAL": _Machine.name,
    "REDUCE": lambda machine, _: machine.call(),
    "BUILD": lambda machine, _: machine.build(),
    "BINPERSID": lambda machine, _: machine.push(machine.load(machine.pop(object))),
    **dict.fromkeys(["BINUNICODE", "BINSTRING", "SHORT_BINSTRING"], _Machine.push),
    **dict.fromkeys(["BININT", "BININT1", "BININT2", "LONG1", "BINFLOAT"], _Machine.push),
}
