"""Which names each lesson introduces; an exercise may use those of its lesson and of earlier ones.

A name with a dot in front is a method or an attribute of a value.
"""

import ast

INTRODUCED = {
    1: """
        jax.Array jnp.array jnp.zeros jnp.ones jnp.eye jnp.maximum jax.nn.relu jax.grad
        jax.value_and_grad jax.tree.map .ndim .shape .size .transpose .mean .sum @
    """,
    2: """
        .at .set .reshape .astype .dtype .item .tolist .std jnp.int32 jnp.uint8 jnp.float32 jnp.clip
        jnp.dot jnp.sqrt jnp.sin jnp.exp jnp.log jnp.linspace jnp.asarray np.ndarray np.asarray
        np.array np.array_equal np.issubdtype np.integer np.float32 np.int32 np.int64
    """,
    3: ".T jnp.any jnp.stack jax.vmap",
    4: """
        jnp.round jnp.logaddexp fc.autograd.grad fc.autograd.accumulate fc.autograd.detach
        fc.autograd.custom_function fc.autograd.freeze fc.autograd.vjp
    """,
    5: """
        .x .y .add_x .mul_y .transforms np.stack np.random.default_rng .uniform fc.Generator
        fc.random.rand fc.random.randperm
    """,
    6: ".splitlines .split .strip .append .rows .folder .transform Image.open",
}
MODULES = {"jax", "jnp", "np", "fc", "Image"}


def introduced_by(lesson: int) -> set[str]:
    """All names that are known after a lesson."""
    return {
        name for number, text in INTRODUCED.items() if number <= lesson for name in text.split()
    }


def names_in(source: str) -> set[str]:
    """The names of libraries, methods and attributes that a program uses, and ``@``."""
    tree = ast.parse(source)
    return {name for node in ast.walk(tree) for name in _names_of(node)} - _prefixes(tree)


def _names_of(node: ast.AST) -> set[str]:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.MatMult):
        return {"@"}
    if not isinstance(node, ast.Attribute):
        return set()
    return {ast.unparse(node) if _root(node) in MODULES else f".{node.attr}"}


def _root(node: ast.AST) -> str:
    """The name that a chain of attributes begins with, or nothing."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return node.id if isinstance(node, ast.Name) else ""


def _prefixes(tree: ast.AST) -> set[str]:
    """``fc.autograd`` where ``fc.autograd.grad`` is meant."""
    inner = [node.value for node in ast.walk(tree) if isinstance(node, ast.Attribute)]
    return {ast.unparse(node) for node in inner if isinstance(node, ast.Attribute)}
