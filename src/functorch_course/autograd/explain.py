"""Errors of plain JAX, told again in the words of somebody who knows PyTorch."""

import linecache
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import jax

from functorch_course import tensor
from functorch_course.errors import TeachingError


class _Lesson(NamedTuple):
    """What an error means: ``{...}`` in ``happened`` are the named groups of the pattern."""

    error: type[Exception]
    pattern: str
    happened: str
    pytorch: str
    write: str
    number: str


_LESSONS = [
    _Lesson(
        TypeError,
        r"JAX arrays are immutable",
        "an element of an array was assigned to, but arrays never change",
        "It writes into the tensor, and into everything that shares its memory.",
        "x = x.at[i].set(value), or x = tensor.assign(x, i, value); keep the result",
        "T060",
    ),
    _Lesson(
        jax.errors.TracerBoolConversionError,
        r"",
        "if or while asked for a value that is not known yet: the function is being compiled",
        "It runs line by line, so if may look at values.",
        "jnp.where(condition, a, b) or jax.lax.cond; grad alone, without jit, allows if",
        "D132",
    ),
    _Lesson(
        jax.errors.NonConcreteBooleanIndexError,
        r"",
        "a boolean mask selected elements under jit, where the shape of the result is unknown",
        "It runs, because shapes may depend on values there.",
        "jnp.where(mask, x, 0.0), which keeps the shape; or select outside of jit",
        "D132",
    ),
    _Lesson(
        jax.errors.TracerArrayConversionError,
        r"",
        "a value that is being traced or differentiated was handed to NumPy",
        "It raises RuntimeError for a tensor that requires grad: use .detach().numpy().",
        "use jax.numpy inside the function, and to_numpy on what it returns",
        "T066",
    ),
    _Lesson(
        jax.errors.TracerIntegerConversionError,
        r"",
        "a value that is being traced was used as a Python integer, for a range or an index",
        "It takes the number out of the tensor.",
        "pass the number as an ordinary Python argument (static_argnums), or use jnp indexing",
        "D132",
    ),
    _Lesson(
        jax.errors.ConcretizationTypeError,
        r"`(?P<name>\w+)` function|(?P<method>item\(\))|",
        "a Python number was taken out of a value that is being traced or differentiated",
        ".item() and float() cut the gradient in silence.",
        "compute with the array itself; take item() of what the function returns",
        "T057",
    ),
    _Lesson(
        jax.errors.UnexpectedTracerError,
        r"",
        "a value from inside a transformed function was kept and used after it had ended",
        "Tensors may be kept in a list or an attribute.",
        "return the value from the function",
        "O012",
    ),
    _Lesson(
        TypeError,
        r"Gradient only defined for scalar-output functions. Output had shape: (?P<shape>\(.*?\))",
        "the function returns an array of shape {shape}, and a gradient needs one number",
        "backward() raises too: grad can be implicitly created only for scalar outputs.",
        "sum or average the result; or backward(f, x, gradient=cotangent)",
        "D169",
    ),
    _Lesson(
        TypeError,
        r"requires real- or complex-valued inputs .* but got (?P<dtype>\w+)",
        "a gradient with respect to {dtype} values was asked for",
        "It raises RuntimeError: only tensors of floating point dtype can require gradients.",
        "write the input with a point, 2.0 instead of 2, or cast(x, 'float32')",
        "D147",
    ),
    _Lesson(
        TypeError,
        r"same shape, got (?P<left>\(.*?\)) and (?P<right>\(.*?\))",
        "a product x @ y sums over axes of unequal lengths {left} and {right}",
        "It raises RuntimeError: mat1 and mat2 shapes cannot be multiplied.",
        "shapes (n, k) @ (k, m); nn.Linear stores its weight as (out, in): x @ weight.T",
        "M092",
    ),
    _Lesson(
        TypeError,
        r"incompatible shapes for broadcasting: (?P<shapes>.*)\.",
        "the shapes {shapes} do not fit together",
        "It raises RuntimeError: the size of tensor a must match the size of tensor b.",
        "lengths that are equal or 1, aligned from the right; x[:, None] adds a 1 there",
        "M102",
    ),
    _Lesson(
        TypeError,
        r"Using a non-tuple sequence",
        "a list stands between the brackets",
        "It takes the elements of the list.",
        "x[jnp.array([0, 2])], or tensor.index(x, [0, 2])",
        "T058",
    ),
    _Lesson(
        TypeError,
        r"unexpected keyword argument '(?P<name>dim|keepdim)'",
        "{name}= is not what jax.numpy calls it",
        "It calls the axis dim.",
        "axis= and keepdims= in jax.numpy; dim= and keepdim= in functorch_course.tensor",
        "O014",
    ),
    _Lesson(
        TypeError,
        r"unexpected keyword argument '(?P<name>axis|keepdims)'",
        "{name}= is not what functorch_course.tensor calls it",
        "It takes both words.",
        "dim= and keepdim= in functorch_course.tensor; axis= and keepdims= in jax.numpy",
        "O014",
    ),
    _Lesson(
        TypeError,
        r"unexpected keyword argument 'requires_grad'",
        "requires_grad= was written where an array is made, but arrays carry no such flag",
        "It marks the tensor, and records every operation on it for backward().",
        "write the computation as a function f of x, and grad(f)(x)",
        "O017",
    ),
    _Lesson(
        TypeError,
        r"got multiple values for argument 'lr'",
        "an optimizer was given parameters, but here it holds none",
        "It keeps them, and step() changes them.",
        "optim.SGD(lr=0.1); parameters and gradients go in and out of each update",
        "O021",
    ),
    _Lesson(
        NotImplementedError,
        r"`type` argument of array.view\(\)",
        "x.view(...) was called, but here that reads the same bits as another dtype",
        "It arranges the elements in another shape.",
        "x.reshape(5, 1), or tensor.view(x, 5, 1)",
        "T062",
    ),
    _Lesson(
        TypeError,
        r"Cannot interpret '?-?\d+'? as a data type",
        "a number stands where jax.numpy takes a dtype: x.view(-1), or zeros(2, 3)",
        "It takes sizes one by one.",
        "x.reshape(-1), jnp.zeros((2, 3)); or tensor.view(x, -1), tensor.zeros(2, 3)",
        "T062",
    ),
    _Lesson(
        TypeError,
        r"cannot reshape array of shape (?P<shape>\(.*?\)) .* into shape (?P<other>\(.*?\))",
        "the elements of an array of shape {shape} do not fill the shape {other}",
        "It raises RuntimeError: the shape is invalid for input of that size.",
        "a shape with as many elements; -1 stands for one length that can be inferred",
        "T063",
    ),
    _Lesson(
        RuntimeError,
        r"Unknown backend:? '?(?P<name>\w+)",
        "this program has no device called {name}",
        "It raises AssertionError: Torch not compiled with CUDA enabled.",
        "jax.devices() lists what there is; arrays are on the first of these anyway",
        "O029",
    ),
    _Lesson(
        OverflowError,
        r"Python integer (?P<value>-?\d+) out of bounds for (?P<dtype>\w+)",
        "the integer {value} does not fit into {dtype}",
        "Integers are int64 unless said otherwise; a value that does not fit is refused too.",
        "a wider dtype; for int64 call functorch_course.tensor.enable_x64() once at the start",
        "T044",
    ),
    _Lesson(
        UserWarning,
        r"requested dtype .*?(?P<dtype>float64|u?int64|complex128)",
        "{dtype} was asked for, but 64-bit numbers are off, and JAX gives half as many bits",
        "64-bit numbers are always available.",
        "call functorch_course.tensor.enable_x64() once at the start",
        "T042",
    ),
    _Lesson(
        ValueError,
        r"assignment destination is read-only",
        "a NumPy array was written whose memory belongs to an immutable array",
        "It writes, and tensor and array both change.",
        "write into a copy: np.array(a)",
        "M106",
    ),
]

_ATTRIBUTES = {
    "backward": (
        "It computes the gradients of all leaves.",
        "grad(f)(x), or backward(f, x)",
        "D154",
    ),
    "grad": ("It holds the gradient after backward().", "gradient = grad(f)(x)", "D156"),
    "grad_fn": ("It is the node that made the tensor.", "graph(f)(x).grad_fn", "D135"),
    "is_leaf": ("It tells an input from a result.", "graph(f)(x).leaves", "D138"),
    "retain_grad": ("It keeps the gradient of a result.", "tap(y, 'y')", "D157"),
    "requires_grad_": ("It marks the tensor.", "grad(f)(x); the argument is named there", "O017"),
    "detach": ("It cuts the tensor off from the graph.", "detach(x)", "D175"),
    "numpy": ("It shows the memory as a NumPy array.", "tensor.to_numpy(x)", "T066"),
    "numel": ("It counts the elements.", "tensor.numel(x), or x.size", "T038"),
    "dim": ("It counts the axes.", "x.ndim", "T037"),
    "ndimension": ("It counts the axes.", "x.ndim, or tensor.ndimension(x)", "T037"),
    "type": ("It converts.", "tensor.cast(x, 'FloatTensor')", "T052"),
    "float": ("It converts to float32.", "tensor.cast(x, 'float')", "T053"),
    "double": ("It converts to float64.", "tensor.cast(x, 'double')", "T042"),
    "long": ("It converts to int64.", "tensor.cast(x, 'long')", "T044"),
    "mm": ("It multiplies matrices.", "x @ y, or tensor.mm(x, y)", "M099"),
    "permute": ("It reorders the axes.", "tensor.permute(x, 2, 0, 1)", "M127"),
    "unsqueeze": ("It inserts an axis.", "tensor.unsqueeze(x, 0), or x[None]", "M095"),
    "expand": ("It repeats along axes of length 1.", "tensor.expand(x, 32, 10)", "M103"),
    "data": ("It is the values without their history.", "x, or detach(x)", "D175"),
    "t": ("It exchanges rows and columns.", "x.T", "M127"),
    "cpu": ("It moves to the CPU.", "jax.device_put(x, jax.devices('cpu')[0])", "O029"),
    "cuda": ("It moves to the GPU.", "jax.device_put(x, jax.devices('gpu')[0])", "O029"),
    "to": ("It moves or converts.", "jax.device_put(x, device), or tensor.cast(x, dtype)", "O029"),
}


_NOTHING_TO_ZERO = (
    "It forgets the gradients of the last step, which are added up otherwise.",
    "leave the line out: gradients are return values",
    "D162",
)
_DEVICES = ("It moves the parameters.", "leave the line out: JAX computes on its device", "O029")
_OF_MODELS = {
    "zero_grad": _NOTHING_TO_ZERO,
    "step": (
        "It changes the parameters by their gradients.",
        "training.make_step(model, loss, optimizer); or optimizer.update and optax.apply_updates",
        "O021",
    ),
    "requires_grad_": (
        "It marks all parameters.",
        "freeze(parameters, 'name') inside the loss, or split(parameters, 'name')",
        "D176",
    ),
    "to": _DEVICES,
    "cuda": _DEVICES,
    "cpu": _DEVICES,
}


def explanation(error: BaseException) -> TeachingError | None:
    """Return the lesson behind an error of plain JAX, if there is one.

    Args:
        error: What was raised.

    Returns:
        The lesson, or None if this is an error like any other.

    Example:
        >>> x = jax.numpy.ones(3)
        >>> try:
        ...     x.backward()
        ... except AttributeError as error:
        ...     print(explanation(error))
        .backward: an array here has no such attribute
          PyTorch: It computes the gradients of all leaves.
          Here:    grad(f)(x), or backward(f, x)
          Lesson:  D154

    PyTorch: has no counterpart.
    """
    if isinstance(error, AttributeError):
        return _missing_attribute(error)
    if isinstance(error, TypeError) and str(error) == "'int' object is not callable":
        return _called_size(error)
    for lesson in _LESSONS:
        match = re.search(lesson.pattern, str(error))
        if isinstance(error, lesson.error) and match:
            happened = lesson.happened.format(**match.groupdict())
            return TeachingError(happened, lesson.pytorch, lesson.write, lesson.number)
    return None


@contextmanager
def explain() -> Iterator[None]:
    """Raise a :class:`TeachingError` where plain JAX raises something that one could explain.

    Works as a decorator too. Costs nothing unless an error passes through. The functions of this
    package that call yours (:func:`grad`, :func:`backward`, ...) do this by themselves.

    Raises:
        TeachingError: In place of an error that has a lesson behind it, and chained to it.

    Example:
        >>> with explain():
        ...     x = jax.numpy.ones(3)
        ...     x[0] = 5
        Traceback (most recent call last):
        functorch_course.errors.TeachingError: an element of an array was assigned to, but ...

    PyTorch: has no counterpart.
    """
    try:
        yield
    except TeachingError:
        raise
    except Exception as error:
        lesson = explanation(error)
        if lesson is None:
            raise
        raise lesson from error


def _missing_attribute(error: AttributeError) -> TeachingError | None:
    """Explain a method that tensors, modules or optimizers have there, and lack here."""
    owner = error.obj if isinstance(error.obj, type) else type(error.obj)
    if issubclass(owner, jax.Array | jax.core.Tracer):
        return _missing_method(error.name or "")
    # Told by the libraries they come from, which take long to import.
    libraries = {base.__module__.partition(".")[0] for base in owner.__mro__}
    if libraries & {"flax", "optax"} and error.name in _OF_MODELS:
        return TeachingError(
            f".{error.name}: a {owner.__name__} here has no such attribute", *_OF_MODELS[error.name]
        )
    return None


def _missing_method(name: str) -> TeachingError | None:
    """Explain a method of tensors: one by one, those that work in place, and our functions."""
    happened = f".{name}: an array here has no such attribute"
    if name in _ATTRIBUTES:
        return TeachingError(happened, *_ATTRIBUTES[name])
    if name.endswith("_") and not name.endswith("__"):
        write = f"x = x.at[...].set(value), or an operation that returns a new array: no {name}"
        return TeachingError(happened, "It writes into the tensor, in place.", write, "T060")
    if name in dir(tensor):
        return TeachingError(happened, "It is a method there.", f"tensor.{name}(x, ...)", "O014")
    return None


def _called_size(error: TypeError) -> TeachingError | None:
    """Explain ``x.size()``, if that is what the line says."""
    step = error.__traceback__
    while step and step.tb_next:
        step = step.tb_next
    line = linecache.getline(step.tb_frame.f_code.co_filename, step.tb_lineno) if step else ""
    if ".size(" not in line:
        return None
    return TeachingError(
        "x.size() was called, but x.size is a number here: how many elements there are",
        "x.size() is the shape, and x.numel() the number of elements.",
        "x.shape, or tensor.size(x)",
        "T038",
    )
