"""Answers to the exercises of section M."""

from .form import Answers

ANSWERS = {
    "M01": Answers(
        right="return (x * scale) @ weight",
        wrong={
            "only scaled": "return x * scale",
            "only projected": "return x @ weight",
            "two Hadamard products": "return x * scale * weight[:, 0]",
            "projects with the scale": "return (x @ scale)[:, None] * weight[0]",
            "scales the samples": "return (x.T * scale[:1]).T @ weight",
            "scales after the projection": "return (x @ weight) * scale[: weight.shape[1]]",
            "the weights transposed": "return (x * scale) @ weight.T",
            "the scale as a constant": "return (x * jax.lax.stop_gradient(scale)) @ weight",
        },
    ),
    "M02": Answers(
        right="return x @ weight.T + bias",
        wrong={
            "the weights not transposed": "return x @ weight + bias",
            "the weights on the left": "return (weight @ x.T) + bias[:, None]",
            "the bias forgotten": "return x @ weight.T",
            "the bias as a column": "return x @ weight.T + bias[:, None]",
            "the Hadamard product": "return x * weight + bias",
            "sums the batch": "return (x @ weight.T + bias).sum(0)",
            "one number a sample": "return (x @ weight.T + bias).sum(axis=1, keepdims=True)",
            "the bias as a constant": "return x @ weight.T + jax.lax.stop_gradient(bias)",
        },
    ),
    "M03": Answers(
        right="""
if predictions.shape != targets.shape:
    raise ValueError(f"{predictions.shape} and {targets.shape}")
return ((predictions - targets) ** 2).mean()""",
        wrong={
            "broadcasts": "return ((predictions - targets) ** 2).mean()",
            "compares only the rank": (".shape != targets.shape", ".ndim != targets.ndim"),
            "compares only the size": (".shape != targets.shape", ".size != targets.size"),
            "reshapes in silence": """
targets = targets.reshape(predictions.shape)
return ((predictions - targets) ** 2).mean()""",
            "asserts": """
assert predictions.shape == targets.shape
return ((predictions - targets) ** 2).mean()""",
            "the sum": (".mean()", ".sum()"),
            "the absolute error": ("((predictions - targets) ** 2)", "abs(predictions - targets)"),
            "the root": (
                "return ((predictions - targets) ** 2).mean()",
                "return jnp.sqrt(((predictions - targets) ** 2).mean())",
            ),
            "a Python number": (".mean()", ".mean().item()"),
            "the targets as constants": (
                "(predictions - targets) ** 2",
                "(predictions - jax.lax.stop_gradient(targets)) ** 2",
            ),
        },
    ),
    "M04": Answers(
        right="return x - x.mean(axis=0)",
        wrong={
            "the mean of all": "return x - x.mean()",
            "the mean of the rows": "return x - x.mean(axis=1, keepdims=True)",
            "the other axis": "return x - x.mean(axis=1)",
            "the median": "return x - jnp.median(x, axis=0)",
            "standardized": "return (x - x.mean(axis=0)) / x.std(axis=0)",
            "the sum": "return x - x.sum(axis=0)",
            "the mean alone": "return x.mean(axis=0)",
            "the mean as a constant": "return x - jax.lax.stop_gradient(x.mean(axis=0))",
        },
    ),
    "M05": Answers(
        right="""
if jnp.any((labels < 0) | (labels >= classes)):
    raise ValueError(f"labels {labels} with {classes} classes")
return jnp.eye(classes)[labels]""",
        wrong={
            "no check": "return jnp.eye(classes)[labels]",
            "rows of zeros": "return jax.nn.one_hot(labels, classes)",
            "only the upper bound": ("(labels < 0) | (labels >= classes)", "labels >= classes"),
            "one too many": ("labels >= classes", "labels > classes"),
            "whole numbers": ("jnp.eye(classes)", "jnp.eye(classes, dtype=int)"),
            "a column for each sample": ("jnp.eye(classes)[labels]", "jnp.eye(classes)[labels].T"),
            "counts the classes itself": (
                "jnp.eye(classes)",
                "jnp.eye(int(labels.max(initial=0)) + 1)",
            ),
            "counts from one": ("jnp.eye(classes)[labels]", "jnp.eye(classes)[labels - 1]"),
            "an IndexError": ("ValueError", "IndexError"),
        },
    ),
    "M06": Answers(
        right="return jax.vmap(function)",
        wrong={
            "the function as it was": "return function",
            "over the other axis": "return jax.vmap(function, in_axes=1)",
            "stacks along the last axis": "return jax.vmap(function, out_axes=-1)",
            "a list": "return lambda batch: [function(x) for x in batch]",
            "only the first sample": "return lambda batch: function(batch[0])",
            "the mean over the samples": "return lambda batch: jax.vmap(function)(batch).mean(0)",
            "forgets the last sample": "return lambda batch: jax.vmap(function)(batch[:-1])",
            "puts them one after the other": (
                "return lambda batch: jnp.concatenate([jnp.atleast_1d(function(x)) for x in batch])"
            ),
        },
    ),
}
