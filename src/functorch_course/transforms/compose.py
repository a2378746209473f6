"""Several transforms one after another, and a function as a transform."""

from collections.abc import Callable, Iterable
from typing import Any

from numpy.typing import NDArray

from .base import Sample, Transform
from .errors import SampleTypeError
from .joined import joined


class Compose(Transform):
    r"""Apply transforms one after another.

    .. math:: \mathrm{Compose}([f, g, h])(x) = h(g(f(x)))

    Args:
        transforms: The transforms, first to last. Any callables.

    Raises:
        SampleTypeError: If one of them cannot be called.

    Example:
        >>> Compose([lambda x: x + 1, lambda x: x * 10])(2)
        30
        >>> from functorch_course.transforms import Normalize, ToTensor
        >>> Compose([ToTensor(), Normalize(0.5, 0.5)])
        Compose(
            ToTensor()
            Normalize(mean=0.5, std=0.5)
        )

    PyTorch: ``torchvision.transforms.Compose``. Here the parts are checked at construction, and
    a whole batch passes at once where every part can (``batchable``).

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.Compose.html
    """

    def __init__(self, transforms: Iterable[Callable[[Sample], Sample]]) -> None:
        self.transforms = as_parts("Compose", transforms)

    def __call__(self, sample: Sample) -> Sample:
        """Return what the last part gives."""
        for transform in joined(self.transforms):
            sample = transform(sample)
        return sample

    @property
    def batchable(self) -> bool:  # type: ignore[override]
        """Whether every part takes a whole batch at once."""
        return all(getattr(transform, "batchable", False) for transform in self.transforms)

    @property
    def takes_images(self) -> bool:  # type: ignore[override]
        """Whether the first part does: the others see what it made of the images."""
        return bool(self.transforms) and getattr(self.transforms[0], "takes_images", False)

    def batch(self, samples: Sample) -> Sample:
        """Pass the whole batch from part to part; see :meth:`Transform.batch`."""
        if not self.batchable:
            return super().batch(samples)
        for transform in joined(self.transforms):
            samples = transform.batch(samples)  # type: ignore[attr-defined]
        return samples

    def write(self, samples: Sample, out: NDArray[Any]) -> None:
        """Pass the whole batch from part to part; see :meth:`Transform.write`."""
        steps = joined(self.transforms)
        if not (steps and self.batchable and isinstance(steps[-1], Transform)):
            super().write(samples, out)
            return
        for transform in steps[:-1]:
            samples = transform.batch(samples)  # type: ignore[attr-defined]
        steps[-1].write(samples, out)

    def __repr__(self) -> str:
        return format_parts(type(self).__name__, self.transforms)


class Lambda(Transform):
    """Make a transform of a function, so that it has a ``repr``.

    Args:
        function: What to apply to each sample.

    Raises:
        SampleTypeError: If ``function`` cannot be called.

    Example:
        >>> def double(x):
        ...     return 2 * x
        >>> Lambda(double)(3), Lambda(double)
        (6, Lambda(double))

    PyTorch: ``torchvision.transforms.Lambda``, whose ``repr`` does not name the function.

    Source: https://docs.pytorch.org/vision/stable/generated/torchvision.transforms.Lambda.html
    """

    def __init__(self, function: Callable[[Sample], Sample]) -> None:
        if not callable(function):
            raise SampleTypeError(f"Lambda takes a callable, got {function!r}")
        self.function = function

    def __call__(self, sample: Sample) -> Sample:
        """Return what the function gives."""
        return self.function(sample)

    def __repr__(self) -> str:
        return f"Lambda({getattr(self.function, '__qualname__', repr(self.function))})"


def as_parts(
    name: str, transforms: Iterable[Callable[[Sample], Sample]]
) -> list[Callable[[Sample], Sample]]:
    """Return the transforms as a list after checking that each can be called."""
    parts = list(transforms)
    for part in parts:
        if not callable(part):
            raise SampleTypeError(f"{name} takes callables, got {part!r}")
    return parts


def format_parts(name: str, parts: Iterable[object], *first: str) -> str:
    """Return the ``repr`` of a transform made of ``parts``, one a line, indented by depth."""
    lines = [*first, *(repr(part) for part in parts)]
    inner = "\n".join(lines).replace("\n", "\n    ")
    return f"{name}(\n    {inner}\n)" if lines else f"{name}()"
