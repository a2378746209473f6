"""The walls of the house: who may import whom, no cycles, nothing heavy by accident.

Each guard is also shown to fail on code that breaks it.
"""

import graphlib
import subprocess
import sys
from pathlib import Path

import pytest

from imports import PACKAGE, Import, imports, part, root

SOURCE = Path(__file__).parent.parent / "src"

BASE = {"numpy", "errors"}
HOST = {*BASE, "PIL", "random"}
DEVICE = {*BASE, "jax", "flax", "optax", "random"}
LIBRARY = {"data", "transforms", "datasets", "tensor", "autograd", "graph", "nn", "optim"}
ALLOWED = {
    "__init__": {"lazy_loader"},
    "errors": {"numpy"},
    "plain_pickle": set(),
    "random": BASE,
    "data": HOST - {"PIL"},
    "transforms": {*HOST, "data"},
    "datasets": {
        *HOST,
        "data",
        "transforms",
        "plain_pickle",
        "pooch",
        "requests",
        "rich",
        "tensorflow_datasets",
    },
    "tensor": DEVICE,
    "autograd": {*DEVICE, "tensor"},
    "graph": {*DEVICE, "tensor", "autograd", "PIL"},
    "nn": {*DEVICE, "tensor", "autograd", "graph", "plain_pickle", "safetensors"},
    "augment": {*DEVICE, "transforms", "nn"},
    "optim": {*DEVICE, "tensor", "autograd", "graph", "nn"},
    "device": DEVICE,
    "training": {*DEVICE, *LIBRARY, "device", "orbax"},
    "lessons": {"errors"},
    "report": {"numpy", "rich"},
    "plot": {*BASE, "matplotlib"},
    "translate": {"errors"},
    "compare": {"numpy", "PIL", "hypothesis", "jax", "rich", "torch", PACKAGE},
    "exercises": {*BASE, "PIL", "rich", PACKAGE},
    "cli": {"numpy", PACKAGE},
}


def files(source: Path) -> list[Path]:
    return sorted((source / PACKAGE).rglob("*.py"))


def wall_breaks(source: Path) -> list[str]:
    """Every import that the table does not allow, as a line."""
    found = []
    for file in files(source):
        home = part(file, source)
        for line in imports(file, source):
            target = root(line.module)
            if target not in {"", home, *ALLOWED[home]}:
                found.append(f"{file.name}:{line.line}: {home} imports {target}")
    return found


def module_of(file: Path, source: Path) -> str:
    names = file.relative_to(source).with_suffix("").parts
    return ".".join(names[:-1] if names[-1] == "__init__" else names)


def cycle(source: Path) -> list[str]:
    """The modules of one import cycle, or nothing."""
    modules = {module_of(file, source): file for file in files(source)}
    graph = {
        name: {line.module for line in imports(file, source)} & modules.keys() - {name}
        for name, file in modules.items()
    }
    try:
        graphlib.TopologicalSorter(graph).prepare()
    except graphlib.CycleError as error:
        return error.args[1]
    return []


def loaded_by(statement: str, *modules: str) -> set[str]:
    """Which of ``modules`` a new interpreter has loaded after a statement."""
    code = f"{statement}; import sys; print(*(m for m in {modules!r} if m in sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return set(run.stdout.split())


@pytest.fixture
def broken(tmp_path):
    """A tiny package whose host wing imports jax and whose two modules import each other."""
    package = tmp_path / PACKAGE
    (package / "data").mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "data" / "__init__.py").write_text("from . import one\n")
    (package / "data" / "one.py").write_text("def f():\n    import jax\nfrom .two import g\n")
    (package / "data" / "two.py").write_text("from functorch_course.data.one import f\n")
    return tmp_path


def test_every_import_is_in_the_table():
    assert wall_breaks(SOURCE) == []


def test_the_table_can_be_broken(broken):
    assert wall_breaks(broken) == ["one.py:2: data imports jax"]


def test_there_is_no_import_cycle():
    assert cycle(SOURCE) == []


def test_a_cycle_is_found(broken):
    assert {f"{PACKAGE}.data.one", f"{PACKAGE}.data.two"} == set(cycle(broken))


def test_imports_for_type_checkers_do_not_count(tmp_path):
    file = tmp_path / PACKAGE / "report.py"
    file.parent.mkdir()
    file.write_text("if TYPE_CHECKING:\n    import torch\nimport rich.table\n")
    assert list(imports(file, tmp_path)) == [Import("rich.table", file, 3)]


def test_importing_the_package_loads_nothing_heavy():
    heavy = ("jax", "torch", "tensorflow", "numpy", "flax", "optax", "matplotlib", "PIL", "rich")
    assert loaded_by("import functorch_course", *heavy) == set()


def test_using_everything_loads_neither_torch_nor_tensorflow():
    everything = "import functorch_course as fc; [getattr(fc, name) for name in dir(fc)]"
    witnesses = ("torch", "tensorflow", "tensorflow_datasets", "jax", "matplotlib")
    assert loaded_by(everything, *witnesses) == {"jax", "matplotlib"}


@pytest.mark.parametrize("name", ["errors", "random", "data", "transforms", "datasets"])
def test_the_host_wing_loads_no_jax(name):
    used = f"import functorch_course as fc; dir(fc.{name}); fc.manual_seed(0)"
    assert loaded_by(used, "jax", "jaxlib", "flax", "numpy") == {"numpy"}


def test_a_heavy_import_is_seen():
    assert loaded_by("import functorch_course.nn", "jax") == {"jax"}
