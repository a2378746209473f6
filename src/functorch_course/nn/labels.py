"""Class labels: their range, checked where their values can be seen."""

import numpy as np
from numpy.typing import ArrayLike

from functorch_course.errors import InvalidValueError

from .errors import IndexRangeError


def check_labels(labels: ArrayLike, num_classes: int, ignore_index: int = -100) -> None:
    """Raise unless every label is a class or ``ignore_index``.

    The losses call this where the values are there to be looked at. In compiled code they are not:
    there a loss of a label out of range is NaN. So check a data set's labels once, before training:
    ``check_labels(dataset.targets, 10)``. It costs compiled code nothing.

    Args:
        labels: Whole numbers of any shape, as a concrete array.
        num_classes: The number of classes; labels are 0 ... num_classes - 1.
        ignore_index: A label that stands for "no label".

    Raises:
        InvalidValueError: If the labels are not integers.
        IndexRangeError: If a label is out of range.

    Example:
        >>> check_labels([0, 2, -100], num_classes=3)
        >>> check_labels([0, 3], num_classes=3)
        Traceback (most recent call last):
        functorch_course.nn.errors.IndexRangeError: label 3 at position 1 is not one of 0 ... 2, the
        3 classes of the logits: give the model more outputs, or count the labels from 0

    PyTorch: ``cross_entropy`` raises an IndexError on the CPU; on a GPU the program aborts.
    """
    values = np.asarray(labels)
    if not np.issubdtype(values.dtype, np.integer):
        raise InvalidValueError(f"labels must be integers, got {values.dtype}")
    wrong = (values < 0) | (values >= num_classes)
    wrong &= values != ignore_index
    if wrong.any():
        position = np.argwhere(np.atleast_1d(wrong))[0].tolist()
        where = position[0] if len(position) == 1 else tuple(position)
        raise IndexRangeError(
            f"label {values[wrong][0]} at position {where} is not one of 0 ... {num_classes - 1}, "
            f"the {num_classes} classes of the logits: "
            "give the model more outputs, or count the labels from 0"
        )
