"""The dictionary against this library: what it names exists, and no counterpart is missing."""

import ast
import inspect
import re
from pathlib import Path

import jax
import jax.numpy as jnp
import numpy as np
import optax
import PIL.Image
import pytest

import functorch_course as fc
from course_report import read_rows
from docsite.names import public_names
from functorch_course.translate import dictionary, entry, lesson_of
from functorch_course.translate.names import canonical, index, near
from functorch_course.translate.pattern import dotted

ROOTS = {"fc": fc, "jnp": jnp, "jax": jax, "np": np, "optax": optax, "PIL": PIL}
NAME = re.compile(r"\b(?:fc|jnp|jax|np|optax|PIL)(?:\.\w+)+")
COUNTERPART = re.compile(r"``((?:torch|torchvision)(?:\.\w+)+)")
TEMPLATES = [row for row in dictionary() if row.template]


def names_here(row):
    """The names of this library and of NumPy, JAX and Optax that a row mentions."""
    return set(NAME.findall(f"{row.here} {row.differs}"))


def object_named(name):
    value = ROOTS[name.split(".")[0]]
    for part in name.split(".")[1:]:
        value = getattr(value, part)
    return value


def test_every_target_exists():
    for row in dictionary():
        for name in names_here(row):
            object_named(name)


def test_a_target_that_does_not_exist_is_seen():
    with pytest.raises(AttributeError, match="no_such_name"):
        object_named("fc.tensor.no_such_name")


def calls(row):
    """The calls of this library's functions in a template."""
    for node in ast.walk(ast.parse(row.template)):
        if isinstance(node, ast.Call) and dotted(node.func).startswith("fc."):
            yield object_named(dotted(node.func)), [k.arg for k in node.keywords if k.arg]


def test_every_keyword_of_a_template_is_a_parameter_here():
    checked = 0
    for row in TEMPLATES:
        for function, keywords in calls(row):
            target = function.__init__ if inspect.isclass(function) else function
            parameters = inspect.signature(target).parameters
            assert set(keywords) <= parameters.keys(), row.template
            checked += len(keywords)
    assert checked > 100


def counterparts():
    """Public names, and the names of PyTorch that their documentation gives."""
    for full in public_names():
        name = full.replace("functorch_course", "fc", 1)
        text = inspect.getdoc(object_named(name)) or ""
        section = re.search(r"^PyTorch:(.*?)(?:\n\n|\Z)", text, re.DOTALL | re.MULTILINE)
        found = COUNTERPART.findall(section[1]) if section else []
        if found:
            yield name, found


def test_every_public_name_with_a_counterpart_is_in_the_dictionary():
    mentioned = {id(object_named(n)) for row in dictionary() for n in names_here(row)}
    pairs = dict(counterparts())
    assert len(pairs) > 200
    assert sorted(name for name in pairs if id(object_named(name)) not in mentioned) == []


def test_every_counterpart_is_in_the_dictionary():
    torch = {canonical(name) for found in dict(counterparts()).values() for name in found}
    assert sorted(torch - index().keys() - {"torch.utils.data"}) == []


def test_every_row_is_the_course_s_and_has_a_lesson():
    rows = read_rows()
    for row in dictionary():
        assert not row.row or row.row in rows, row
        assert not row.row or lesson_of(row.row).endswith(".py")


def test_no_row_stands_twice():
    texts = [text for row in dictionary() for text in row.torch]
    assert sorted({text for text in texts if texts.count(text) > 1}) == []


def test_what_needs_no_line_says_why():
    assert all(row.differs for row in dictionary() if not row.template)


HARMLESS = {  # where an array lives, how it is computed or read, and what Python forbids anyway
    *("device", "devices", "layout", "memory_format", "non_blocking", "pin_memory", "map_location"),
    *("requires_grad", "volatile", "create_graph", "copy", "inplace", "assign", "force"),
    *("foreach", "fused", "capturable", "differentiable", "vectorize", "chunk_size", "sparse_grad"),
    *("sorted", "stable", "strict", "check_device", "check_dtype", "cycle_momentum"),
    *("mmap", "pickle_module", "pickle_protocol", "weights_only"),
}
OF_THE_COMPILER = {"backend", "dynamic", "fullgraph", "mode"}


def test_only_what_changes_no_number_is_left_out():
    for row in TEMPLATES:
        compiles = row.template == "jax.jit(function)"
        harmless = HARMLESS | OF_THE_COMPILER if compiles else HARMLESS
        assert set(row.left_out) <= harmless, row
    assert set().union(*(row.left_out for row in TEMPLATES)) == HARMLESS | OF_THE_COMPILER


def test_what_changes_a_number_is_refused_not_left_out():
    assert all(not set(row.refused) & set(row.left_out) for row in dictionary())
    assert {"out", "reduce", "padding_mode"} <= set().union(*(r.refused for r in dictionary()))


def test_near_names_are_found_by_their_last_part():
    assert near("torch.sigmod")[0] == "torch.sigmoid"
    assert near("torch.nn.Lineaer")[0].endswith("Linear")
    assert near("torch.zzzzqqq") == []


def test_a_table_with_other_columns_is_refused(tmp_path: Path):
    table = tmp_path / "table.md"
    table.write_text("# Title\n\n| one | two |\n|---|---|\n")
    with pytest.raises(ValueError, match=r"table\.md: the columns are"):
        entry._read(table)


def test_a_bar_may_stand_in_a_cell():
    assert entry._cells(r"| `a \| b` | c |") == ["`a | b`", "c"]
