"""Answers to the exercises of section O."""

from .form import Answers

ANSWERS = {
    "O01": Answers(
        right="return x.ndim, x.shape, x.size",
        wrong={
            "the length of the first axis for the size": "return x.ndim, x.shape, len(x)",
            "the shape as a list": "return x.ndim, list(x.shape), x.size",
            "calls size as in PyTorch": "return x.ndim, x.shape, x.size()",
            "calls ndimension as in PyTorch": "return x.ndimension(), x.shape, x.size",
            "the sum of the sizes": "return x.ndim, x.shape, sum(x.shape)",
            "the size as an array": "return x.ndim, x.shape, jnp.prod(jnp.array(x.shape))",
            "the bytes": "return x.ndim, x.shape, x.nbytes",
        },
    ),
    "O02": Answers(
        right="return weight @ x + bias",
        wrong={
            "the Hadamard product": "return weight * x + bias",
            "the bias forgotten": "return weight @ x",
            "the weights transposed": "return weight.T @ x + bias",
            "the sample on the left": "return x @ weight + bias",
            "the bias inside": "return weight @ (x + bias)",
            "a batch of one": "return (weight @ x + bias)[None]",
            "computed by NumPy": """
import numpy as np
return jnp.asarray(np.asarray(weight) @ np.asarray(x)) + bias""",
        },
    ),
    "O03": Answers(
        right="return second @ fc.tensor.relu(first @ x)",
        wrong={
            "no nonlinearity": "return second @ (first @ x)",
            "relu at the end": "return jnp.maximum(second @ first @ x, 0)",
            "relu also at the end": "return jnp.maximum(second @ jnp.maximum(first @ x, 0), 0)",
            "relu before the first layer": "return second @ (first @ jnp.maximum(x, 0))",
            "the absolute value": "return second @ jnp.abs(first @ x)",
            "the layers in the other order": "return first @ jnp.maximum(second @ x, 0)",
            "the gradient stopped": (
                "fc.tensor.relu(first @ x)",
                "jax.lax.stop_gradient(fc.tensor.relu(first @ x))",
            ),
        },
    ),
    "O04": Answers(
        right="return fc.tensor.permute(images, 0, 2, 3, 1)",
        wrong={
            "reshape": "n, c, h, w = images.shape\nreturn images.reshape(n, h, w, c)",
            "height and width exchanged": "return images.transpose(0, 3, 2, 1)",
            "the two first axes exchanged": "return images.transpose(1, 0, 2, 3)",
            "the last two axes exchanged": "return jnp.swapaxes(images, 1, 3)",
            "all axes reversed": "return images.T",
            "scaled on the way": "return images.transpose(0, 2, 3, 1) / 255",
            "permute as in PyTorch": "return images.permute(0, 2, 3, 1)",
        },
    ),
    "O05": Answers(
        right="return jax.tree.map(lambda p, g: p - learning_rate * g, parameters, gradients)",
        wrong={
            "uphill": ("p - learning_rate", "p + learning_rate"),
            "the learning rate forgotten": ("learning_rate * g", "g"),
            "the gradients alone": ("p - learning_rate * g", "-learning_rate * g"),
            "only a flat dict": (
                "return {k: p - learning_rate * gradients[k] for k, p in parameters.items()}"
            ),
            "changes the parameters in place": """
if isinstance(parameters, list):
    return [p - learning_rate * g for p, g in zip(parameters, gradients)]
for layer in parameters:
    for name in parameters[layer]:
        parameters[layer][name] -= learning_rate * gradients[layer][name]
return parameters""",
            "only a dict of dicts": """
return {
    layer: {n: p - learning_rate * gradients[layer][n] for n, p in inner.items()}
    for layer, inner in parameters.items()
}""",
            "only the first layer": """
first, *rest = parameters
new = jax.tree.map(lambda p, g: p - learning_rate * g, parameters[first], gradients[first])
return {**parameters, first: new}""",
        },
    ),
    "O06": Answers(
        right="""
loss, gradient = fc.autograd.value_and_grad(lambda w: ((w * x - y) ** 2).mean())(w)
return w - learning_rate * gradient, loss""",
        wrong={
            "uphill": ("w - learning_rate", "w + learning_rate"),
            "the sum for the mean": (".mean()", ".sum()"),
            "no update": ("w - learning_rate * gradient, loss", "w, loss"),
            "the gradient for the new w": ("w - learning_rate * gradient, loss", "gradient, loss"),
            "the loss after the update": """
def loss(w):
    return ((w * x - y) ** 2).mean()
w = w - learning_rate * jax.grad(loss)(w)
return w, loss(w)""",
            "the derivative with respect to x": """
loss, gradient = jax.value_and_grad(lambda x: ((w * x - y) ** 2).mean())(x)
return w - learning_rate * gradient.mean(), loss""",
            "the absolute error": ("((w * x - y) ** 2).mean()", "abs(w * x - y).mean()"),
            "the results exchanged": (
                "w - learning_rate * gradient, loss",
                "loss, w - learning_rate * gradient",
            ),
        },
    ),
}
