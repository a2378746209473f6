"""What most optimizers do to the gradient first."""

import optax
from optax import GradientTransformation


def prepared(weight_decay: float, maximize: bool) -> GradientTransformation:
    """Turn the gradient round to maximize, and add the decaying weights, in PyTorch's order."""
    return optax.chain(
        optax.scale(-1.0) if maximize else optax.identity(),
        optax.add_decayed_weights(weight_decay) if weight_decay else optax.identity(),
    )
