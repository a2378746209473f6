"""Answers to the exercises of section T."""

from .form import Answers

ANSWERS = {
    "T01": Answers(
        right="""
n = x.shape[0]
if not -n <= i < n:
    raise IndexError(f"index {i} is out of bounds for {n} elements")
return x[i]""",
        wrong={
            "no check": "return x[i]",
            "waits for an error that never comes": """
try:
    return x[i]
except IndexError:
    raise IndexError(i)""",
            "one too many": ("-n <= i < n", "-n <= i <= n"),
            "only positive indices": ("-n <= i < n", "0 <= i < n"),
            "no lower bound": ("-n <= i < n", "i < n"),
            "a Python number": ("return x[i]", "return x[i].item()"),
            "a vector of one element": ("return x[i]", "return x[i:][:1]"),
            "a ValueError": ("IndexError", "ValueError"),
            "the last element is refused": ("-n <= i < n", "-n <= i < n - 1"),
        },
    ),
    "T02": Answers(
        right="return x.at[0].set(first).at[-1].set(last)",
        wrong={
            "the results dropped": "x.at[0].set(first)\nx.at[-1].set(last)\nreturn x",
            "assigns as in PyTorch": "x[0] = first\nx[-1] = last\nreturn x",
            "the second drops the first": "x.at[0].set(first)\nreturn x.at[-1].set(last)",
            "a fixed last index": ("at[-1]", "at[4]"),
            "adds": (".at[0].set(first)", ".at[0].add(first)"),
            "first and last exchanged": "return x.at[0].set(last).at[-1].set(first)",
            "an array of NumPy": """
import numpy
changed = numpy.array(x)
changed[0], changed[-1] = first, last
return changed""",
            "puts them around": "return jnp.array([first, *x, last])",
            "the dtype is lost": "return jnp.array([first, *x[1:-1], last], dtype=jnp.float32)",
        },
    ),
    "T03": Answers(
        right="return fc.tensor.view(x, -1, 1)",
        wrong={
            "a row": "return x.reshape(1, -1)",
            "a fixed size": "return x.reshape(5, 1)",
            "view as in PyTorch": "return x.view(-1, 1)",
            "transposes a vector": "return x.T",
            "an axis too many": "return x[:, None, None]",
            "becomes floating": "return x.reshape(-1, 1).astype(jnp.float32)",
            "a list": "return [[value] for value in x]",
        },
    ),
    "T04": Answers(
        right="return jnp.clip(pixels.astype(jnp.int32) + amount, 0, 255).astype(jnp.uint8)",
        wrong={
            "wraps": "return pixels + jnp.uint8(amount % 256)",
            "clips after it wrapped": ("return jnp.clip(pixels + jnp.uint8(amount % 256), 0, 255)"),
            "stays int32": (".astype(jnp.uint8)", ""),
            "becomes floating": "return jnp.clip(pixels.astype(jnp.float32) + amount, 0, 255)",
            "no lower bound": """
wide = pixels.astype(jnp.int32) + amount
return jnp.minimum(wide, 255).astype(jnp.uint8)""",
            "no clipping": "return (pixels.astype(jnp.int32) + amount).astype(jnp.uint8)",
            "clips at 256": ("0, 255", "0, 256"),
            "leaves bright pixels alone": """
moved = pixels + jnp.uint8(amount % 256)
return jnp.where(pixels > 255 - abs(amount), pixels, moved)""",
        },
    ),
    "T05": Answers(
        right="return (x - x.mean()) / x.std(ddof=1)",
        wrong={
            "the deviation of a population": ("ddof=1", ""),
            "divides by the variance": ("x.std(ddof=1)", "x.var(ddof=1)"),
            "the mean forgotten": ("(x - x.mean())", "x"),
            "only centred": (" / x.std(ddof=1)", ""),
            "the dtype of the input": "return ((x - x.mean()) / x.std(ddof=1)).astype(x.dtype)",
            "between 0 and 1": "return (x - x.min()) / (x.max() - x.min())",
            "integers cut at once": """
x = x.astype(jnp.int32)
return (x - x.mean()) / x.std(ddof=1)""",
            "the deviation a constant": ("x.std(ddof=1)", "jax.lax.stop_gradient(x.std(ddof=1))"),
            "goes through .item()": "return (x - x.mean().item()) / x.std(ddof=1)",
        },
    ),
    "T06": Answers(
        right="return fc.tensor.dot(u, v) / jnp.sqrt(fc.tensor.dot(u, u) * fc.tensor.dot(v, v))",
        wrong={
            "the dot product alone": "return jnp.dot(u, v)",
            "no root": "return jnp.dot(u, v) / (jnp.dot(u, u) * jnp.dot(v, v))",
            "the Hadamard product": "return u * v / jnp.sqrt(jnp.dot(u, u) * jnp.dot(v, v))",
            "only one length": "return jnp.dot(u, v) / jnp.sqrt(jnp.dot(u, u))",
            "the lengths added": "return jnp.dot(u, v) / jnp.sqrt(jnp.dot(u, u) + jnp.dot(v, v))",
            "the angle": "return jnp.arccos(jnp.dot(u, v) / jnp.sqrt(u @ u * (v @ v)))",
            "the lengths as constants": """
length = jnp.sqrt(jnp.dot(u, u) * jnp.dot(v, v))
return jnp.dot(u, v) / jax.lax.stop_gradient(length)""",
            "the absolute value": "return abs(jnp.dot(u, v)) / jnp.sqrt(u @ u * (v @ v))",
        },
    ),
    "T07": Answers(
        right="""
kind = np.int32 if np.issubdtype(array.dtype, np.integer) else np.float32
narrow = array.astype(kind)
if kind is np.int32 and not np.array_equal(narrow, array):
    raise OverflowError(f"{array} does not fit into int32")
return jnp.asarray(narrow)""",
        wrong={
            "no check": "return jnp.asarray(array)",
            "clips": """
if np.issubdtype(array.dtype, np.integer):
    array = np.clip(array, -(2**31), 2**31 - 1).astype(np.int32)
return jnp.asarray(array)""",
            "only the upper bound": """
if np.issubdtype(array.dtype, np.integer) and np.any(array > 2**31 - 1):
    raise OverflowError("too large")
return jnp.asarray(array)""",
            "one too many": """
if np.issubdtype(array.dtype, np.integer) and np.any((array < -(2**31)) | (array > 2**31)):
    raise OverflowError("too large")
return jnp.asarray(array)""",
            "one too few": """
if np.issubdtype(array.dtype, np.integer) and np.any(abs(array) > 2**31 - 1):
    raise OverflowError("too large")
return jnp.asarray(array)""",
            "everything becomes floating": "return jnp.asarray(array, jnp.float32)",
            "stays in NumPy": ("return jnp.asarray(narrow)", "return narrow"),
            "a ValueError": ("OverflowError", "ValueError"),
            "only the first element is looked at": """
if np.issubdtype(array.dtype, np.integer) and array.size and abs(int(array[0])) > 2**31:
    raise OverflowError("too large")
return jnp.asarray(array)""",
        },
    ),
}
