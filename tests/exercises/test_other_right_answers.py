"""Whoever takes another road to the right answer passes, too."""

import pytest

from exercise_answers import file_text
from functorch_course.exercises import find, grade

OTHERS = {
    "O02 with dot": "return jnp.dot(weight, x) + bias",
    "O03 compiled": "return jax.jit(lambda x, v, w: w @ jax.nn.relu(v @ x))(x, first, second)",
    "O04 with moveaxis": "return jnp.moveaxis(images, 1, -1)",
    "O06 with grad": """
def loss(w):
    return jnp.mean((y - x * w) ** 2)
return w - learning_rate * jax.grad(loss)(w), loss(w)""",
    "T01 with the library": "return fc.tensor.index(x, i)",
    "T02 both at once": "return x.at[jnp.array([0, -1])].set(jnp.array([first, last]))",
    "T02 put together": """
ends = jnp.array([first, last], x.dtype)
return jnp.concatenate([ends[:1], x[1:-1], ends[1:]])""",
    "O04 with transpose": "return images.transpose(0, 2, 3, 1)",
    "T03 with reshape": "return x.reshape(-1, 1)",
    "T03 with a new axis": "return x[:, None]",
    "T05 by hand": """
n, center = x.shape[0], x - jnp.mean(x)
return center / jnp.sqrt(jnp.sum(center**2) / (n - 1))""",
    "T06 with norms": "return u @ v / (jnp.linalg.norm(u) * jnp.linalg.norm(v))",
    "T07 with bounds": """
if array.dtype.kind == "f":
    return jnp.asarray(array, jnp.float32)
if array.size and (array.min() < -(2**31) or array.max() >= 2**31):
    raise OverflowError("int32 is too small")
return jnp.asarray(array, jnp.int32)""",
    "M02 with vmap": "return jax.vmap(lambda sample: weight @ sample + bias)(x)",
    "M03 with the library": """
return fc.nn.mse_loss(predictions, targets)""",
    "M05 by comparing": """
if not bool(jnp.all((0 <= labels) & (labels < classes))):
    raise ValueError("no such class")
return (labels[:, None] == jnp.arange(classes)).astype(jnp.float32)""",
    "M06 with a loop": "return lambda batch: jnp.stack([function(x) for x in batch])",
    "D03 with its own derivative": """
return fc.autograd.custom_function(
    forward=lambda x: (jnp.round(x), None), backward=lambda kept, gradient: gradient
)(x)""",
    "D04 from jax": "return jax.nn.softplus(x)",
    "D05 key by key": """
gradients = jax.grad(loss)(parameters)
return {
    name: value if name == frozen else value - learning_rate * gradients[name]
    for name, value in parameters.items()
}""",
    "D06 with the gradient of a product": "return jax.grad(lambda x: jnp.vdot(f(x), v))(x)",
    "S04 sample by sample": """
samples = []
for sample in dataset:
    samples.append(sample)
    if len(samples) == size:
        yield tuple(map(np.stack, zip(*samples)))
        samples = []
if samples:
    yield tuple(map(np.stack, zip(*samples)))""",
    "S05 with the library's generator": """
generator = fc.Generator((seed * 1000 + epoch) * 1000 + index)
return x + fc.random.rand(*x.shape, generator=generator) - np.float32(0.5)""",
    "I01 with csv": """
import csv, io
lines = list(csv.reader(io.StringIO(text), skipinitialspace=True))[1:]
return [(int(line[0]), line[1].strip()) for line in lines if len(line) == 2]""",
    "I02 with stack": """
channels = [pixels] if pixels.ndim == 2 else [pixels[..., c] for c in range(pixels.shape[2])]
return np.stack(channels).astype(np.float32) / np.float32(255)""",
    "I07 flipped by NumPy": """
coin = fc.random.rand(1, generator=generator).item()
return np.flip(image, -1) if coin < p else image.copy()""",
}


@pytest.mark.parametrize("name", OTHERS)
def test_another_right_answer_passes(name, tmp_path):
    exercise = find(name.split()[0])
    path = tmp_path / exercise.file_name
    path.write_text(file_text(exercise, OTHERS[name]), encoding="utf-8")
    assert grade(exercise, path).finding is None
