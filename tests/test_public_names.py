"""Every public name can be reached, is documented in the house's order, and has a test's eye."""

import ast
import inspect
from pathlib import Path

import pytest

import functorch_course as fc

STUB = Path(fc.__file__).with_suffix(".pyi")
ORDER = ["Args:", "Returns:", "Yields:", "Raises:", "Example:", "PyTorch:", "Source:"]


def public_names():
    """(full name, object) for every name in the tables of the package and its parts."""
    for name in sorted(set(dir(fc))):
        value = getattr(fc, name)
        if not inspect.ismodule(value):
            yield name, value
            continue
        for child, thing in vars(value).items():
            is_ours = getattr(thing, "__module__", "").startswith("functorch_course.")
            if not child.startswith("_") and is_ours and callable(thing):
                yield f"{name}.{child}", thing


def sections(text):
    """The section headings of a docstring in the order in which they stand."""
    lines = [line.strip() for line in text.splitlines()]
    return [heading for line in lines for heading in ORDER if line.startswith(heading)]


NAMES = dict(public_names())


def test_the_stub_and_the_lazy_table_agree():
    stub = ast.parse(STUB.read_text())
    names = {a.asname for n in stub.body if isinstance(n, ast.ImportFrom) for a in n.names}
    assert names == set(dir(fc))


@pytest.mark.parametrize("name", NAMES)
def test_the_documentation_follows_the_order(name):
    thing = NAMES[name]
    text = inspect.getdoc(thing) or ""
    found = sections(text)
    assert found == sorted(found, key=ORDER.index), f"{name}: sections out of order: {found}"
    is_error = inspect.isclass(thing) and issubclass(thing, Exception)
    if inspect.isfunction(thing) or (inspect.isclass(thing) and not is_error):
        assert "PyTorch:" in found, f"{name} does not say what it corresponds to in PyTorch"


def test_a_docstring_out_of_order_is_seen():
    assert sections("One line.\n\nReturns:\n    x\n\nArgs:\n    y\n") == ["Returns:", "Args:"]
