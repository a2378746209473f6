"""Answers to the exercises of section D."""

from .form import Answers

ANSWERS = {
    "D01": Answers(
        right="return jax.grad(f, argnums=(0, 1))(u, v)",
        wrong={
            "only the first argument": "return jax.grad(f)(u, v)",
            "the first argument twice": "return jax.grad(f)(u, v), jax.grad(f)(u, v)",
            "exchanged": "return jax.grad(f, argnums=(1, 0))(u, v)",
            "u and v exchanged": "return jax.grad(f, argnums=(0, 1))(v, u)",
            "the value with the first": "return jax.value_and_grad(f)(u, v)",
            "coarse differences": """
h, here = 0.1, f(u, v)
return jnp.array((f(u + h, v) - here) / h), jnp.array((f(u, v + h) - here) / h)""",
            "the sum of both": """
du, dv = jax.grad(f, argnums=(0, 1))(u, v)
return du + dv, du + dv""",
        },
    ),
    "D02": Answers(
        right="""
total = None
for batch in batches:
    total = fc.autograd.accumulate(total, fc.autograd.grad(loss)(w, batch))
return total""",
        wrong={
            "only the last batch": """
for batch in batches:
    total = fc.autograd.grad(loss)(w, batch)
return total""",
            "only the first batch": "return fc.autograd.grad(loss)(w, batches[0])",
            "the mean": ("return total", "return total / len(batches)"),
            "moves w between": ("batch))", "batch))\n    w = w - 0.1 * total"),
            "the first batch twice": (
                "total = None",
                "total = fc.autograd.grad(loss)(w, batches[0])",
            ),
            "empties the list": """
total = fc.autograd.grad(loss)(w, batches.pop())
while batches:
    total = total + fc.autograd.grad(loss)(w, batches.pop())
return total""",
            "the sum of the losses": ("fc.autograd.grad(loss)(w, batch)", "loss(w, batch)"),
            "accumulates into nothing": """
total = jnp.zeros_like(w)
for batch in batches:
    fc.autograd.accumulate(total, fc.autograd.grad(loss)(w, batch))
return total""",
        },
    ),
    "D03": Answers(
        right="return x + fc.autograd.detach(jnp.round(x) - x)",
        wrong={
            "rounds": "return jnp.round(x)",
            "does not round": "return x",
            "detaches the rounded value": "return fc.autograd.detach(jnp.round(x))",
            "detaches all": "return fc.autograd.detach(x + (jnp.round(x) - x))",
            "detaches nothing": "return x + (jnp.round(x) - x)",
            "detaches x": "return fc.autograd.detach(x) + (jnp.round(x) - x)",
            "cuts off": "return x + fc.autograd.detach(jnp.trunc(x) - x)",
            "rounds down": "return x + fc.autograd.detach(jnp.floor(x) - x)",
            "twice the gradient": "return 2 * x + fc.autograd.detach(jnp.round(x) - 2 * x)",
        },
    ),
    "D04": Answers(
        right="""
function = fc.autograd.custom_function(
    forward=lambda x: (jnp.logaddexp(x, 0.0), x),
    backward=lambda x, gradient: gradient / (1 + jnp.exp(-x)),
)
return function(x)""",
        wrong={
            "overflows": "return jnp.log(1 + jnp.exp(x))",
            "relu": "return jnp.maximum(x, 0)",
            "the value repaired, the gradient not": (
                "return jnp.where(x > 80, x, jnp.log(1 + jnp.exp(x)))"
            ),
            "the gradient from above forgotten": ("gradient / (1", "1 / (1"),
            "the sign of the exponent": ("jnp.exp(-x)", "jnp.exp(x)"),
            "the value for the derivative": (
                "gradient / (1 + jnp.exp(-x))",
                "gradient * jnp.logaddexp(x, 0.0)",
            ),
            "the derivative of the derivative": (
                "gradient / (1 + jnp.exp(-x))",
                "gradient * jnp.exp(-x) / (1 + jnp.exp(-x)) ** 2",
            ),
            "divides infinity by infinity": ("1 + jnp.exp(-x)", "(1 + jnp.exp(x)) / jnp.exp(x)"),
            "two gradients for one input": (
                "gradient / (1 + jnp.exp(-x))",
                "(gradient / (1 + jnp.exp(-x)), None)",
            ),
        },
    ),
    "D05": Answers(
        right="""
gradients = fc.autograd.grad(lambda p: loss(fc.autograd.freeze(p, frozen)))(parameters)
return jax.tree.map(lambda p, g: p - learning_rate * g, parameters, gradients)""",
        wrong={
            "moves all": ("fc.autograd.freeze(p, frozen)", "p"),
            "moves nothing": "return dict(parameters)",
            "freezes the weight, whatever is asked": ("p, frozen)", "p, 'weight')"),
            "uphill": ("p - learning_rate", "p + learning_rate"),
            "moves only the frozen one": """
gradients = fc.autograd.grad(loss)(parameters)
new = parameters[frozen] - learning_rate * gradients[frozen]
return {**parameters, frozen: new}""",
            "leaves the frozen one out": """
gradients = fc.autograd.grad(loss)(parameters)
return {k: p - learning_rate * gradients[k] for k, p in parameters.items() if k != frozen}""",
            "sets the frozen one to zero": """
gradients = fc.autograd.grad(loss)(parameters)
gradients[frozen] = parameters[frozen] / learning_rate
return jax.tree.map(lambda p, g: p - learning_rate * g, parameters, gradients)""",
            "changes the dict that came in": """
gradients = fc.autograd.grad(loss)(parameters)
for name in parameters:
    if name != frozen:
        parameters[name] = parameters[name] - learning_rate * gradients[name]
return parameters""",
            "the gradients": "return fc.autograd.grad(loss)(parameters)",
        },
    ),
    "D06": Answers(
        right="value, pull = fc.autograd.vjp(f, x)\nreturn pull(v)[0]",
        wrong={
            "ones for v": "value, pull = fc.autograd.vjp(f, x)\nreturn pull(jnp.ones_like(v))[0]",
            "the gradient of the sum, times v": (
                "return jax.grad(lambda x: f(x).sum())(x) * v.sum()"
            ),
            "the Jacobian": "return fc.autograd.jacobian(f)(x)",
            "J v": "return jax.jacobian(f)(x) @ v",
            "the transpose on the wrong side": "return v @ jax.jacobian(f)(x).T",
            "the whole tuple": "value, pull = fc.autograd.vjp(f, x)\nreturn pull(v)",
            "the value": "value, pull = fc.autograd.vjp(f, x)\nreturn value",
            "grad of a vector": "return jax.grad(f)(x) * v",
        },
    ),
    "D07": Answers(
        right="""
def loss(w, b):
    return ((w * x + b - y) ** 2).mean()
w, b = jnp.zeros(()), jnp.zeros(())
for _ in range(steps):
    dw, db = fc.autograd.grad(loss, wrt=(0, 1))(w, b)
    w, b = w - learning_rate * dw, b - learning_rate * db
return w, b""",
        wrong={
            "gradients add up, as without zero_grad": """
def loss(w, b):
    return ((w * x + b - y) ** 2).mean()
w, b = jnp.zeros(()), jnp.zeros(())
dw, db = 0.0, 0.0
for _ in range(steps):
    gw, gb = fc.autograd.grad(loss, wrt=(0, 1))(w, b)
    dw, db = dw + gw, db + gb
    w, b = w - learning_rate * dw, b - learning_rate * db
return w, b""",
            "b from the new w": """
def loss(w, b):
    return ((w * x + b - y) ** 2).mean()
w, b = jnp.zeros(()), jnp.zeros(())
for _ in range(steps):
    w = w - learning_rate * fc.autograd.grad(loss, wrt=0)(w, b)
    b = b - learning_rate * fc.autograd.grad(loss, wrt=1)(w, b)
return w, b""",
            "uphill": ("w - learning_rate * dw", "w + learning_rate * dw"),
            "only w": (", b - learning_rate * db", ", b"),
            "one step too many": ("range(steps)", "range(steps + 1)"),
            "the sum of the errors": (".mean()", ".sum()"),
            "starts at one": ("jnp.zeros(()), jnp.zeros(())", "jnp.ones(()), jnp.ones(())"),
            "always the gradient of the first place": """
def loss(w, b):
    return ((w * x + b - y) ** 2).mean()
w, b = jnp.zeros(()), jnp.zeros(())
dw, db = fc.autograd.grad(loss, wrt=(0, 1))(w, b)
return w - steps * learning_rate * dw, b - steps * learning_rate * db""",
            "solves it at once": "w, b = jnp.polyfit(x, y, 1)\nreturn w, b",
        },
    ),
}
