"""Read Python text into a syntax tree, or say where it is not Python."""

import ast
import io
import tokenize
import warnings
from pathlib import Path

from .errors import ScriptError


def parse_text(text: str, name: str) -> ast.Module:
    """Parse; what the compiler would warn of in somebody else's program is not our matter."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        line = f", line {error.lineno}" if error.lineno else ""
        shown = f" in {error.text.strip()!r}" if error.text else ""
        raise ScriptError(f"{name}{line}: {error.msg}{shown}: write Python that runs") from error
    except ValueError as error:  # a null byte, before Python 3.12
        raise ScriptError(f"{name}: {error}: write Python that runs") from error
    except (RecursionError, MemoryError) as error:
        raise too_deep(name) from error


def too_deep(name: str) -> ScriptError:
    """Return the error of a program that exhausts Python's own stack."""
    return ScriptError(f"{name}: it is nested too deeply to be read: write it in smaller parts")


def read_source(path: Path) -> str:
    """Read a file in the encoding that it declares, as Python does.

    Args:
        path: The file.

    Returns:
        Its text.

    Raises:
        ScriptError: If there is no such file, or if it is no text.

    PyTorch: has no counterpart.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ScriptError(f"{path}: {error.strerror}: write the path of a Python file") from error
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        return content.decode(encoding)
    except (SyntaxError, UnicodeDecodeError) as error:
        raise ScriptError(f"{path}: {error}: write a text file in UTF-8") from error
