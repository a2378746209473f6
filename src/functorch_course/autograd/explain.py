"""Errors of plain JAX, told again in the words of somebody who knows PyTorch."""

import linecache
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

import jax

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
    "cpu": ("It moves to the CPU.", "jax.device_put(x, jax.devices('cpu')[0])", "O029"),
    "cuda": ("It moves to the GPU.", "jax.device_put(x, jax.devices('gpu')[0])", "O029"),
    "to": ("It moves or converts.", "jax.device_put(x, device), or tensor.cast(x, dtype)", "O029"),
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
    """Explain a method that tensors have and arrays lack."""
    owner = error.obj if isinstance(error.obj, type) else type(error.obj)
    if error.name not in _ATTRIBUTES or not issubclass(owner, jax.Array | jax.core.Tracer):
        return None
    pytorch, write, lesson = _ATTRIBUTES[error.name]
    return TeachingError(
        f".{error.name}: an array here has no such attribute", pytorch, write, lesson
    )


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
