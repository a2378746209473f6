"""The packages that only the comparison needs, imported when it is used and not before."""

from importlib import import_module
from types import ModuleType

from .errors import MissingPackageError


def require(name: str) -> ModuleType:
    """Import a package of the extra ``compare``, or say how to install it."""
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        raise MissingPackageError(
            f"comparing needs {name}, which is not installed: "
            'pip install "functorch_course[compare]"'
        ) from error
