"""Callbacks that judge each epoch: stop when nothing improves, keep the best model."""

from .callback import Callback
from .history import EpochRecord, History
from .program import Model


class KeepBest(Callback):
    """Keeps the model of the epoch with the lowest validation loss, or the best metric.

    Args:
        metric: A metric of which more is better; without one, the validation loss, less is better.

    Attributes:
        model: The best model so far, or None before the end of the first epoch.
        record: Its record.

    Example:
        >>> import jax.numpy as jnp, optax
        >>> from functorch_course.training import Functional, fit
        >>> best = KeepBest()
        >>> model = Functional(lambda w, x: w * x, jnp.array(0.0))
        >>> squared = lambda outputs, targets: ((outputs - targets) ** 2).mean()
        >>> data = [(jnp.array([1.0]), jnp.array([1.0]))]
        >>> _ = fit(model, data, squared, optax.sgd(0.9), 4, validation=data, callbacks=[best])
        >>> best.record.epoch
        4

    PyTorch: has no counterpart; scripts keep ``copy.deepcopy(model.state_dict())``.
    """

    def __init__(self, metric: str | None = None) -> None:
        self.metric = metric
        self.model: Model | None = None
        self.record: EpochRecord | None = None

    def on_epoch_end(self, history: History, model: Model) -> bool:
        """Keep the model if it is better than all before."""
        newest = history.epochs[-1]
        score = newest.score(self.metric)
        if self.record is None or score > self.record.score(self.metric):
            self.model, self.record = model, newest
        return False


class EarlyStopping(KeepBest):
    """Ends the training when some epochs in a row brought no better model; keeps the best.

    Args:
        patience: How many epochs without improvement are borne.
        metric: A metric of which more is better; without one, the validation loss, less is better.

    Example:
        >>> stop = EarlyStopping(patience=3, metric="accuracy")
        >>> stop.patience
        3

    PyTorch: has no counterpart.
    """

    def __init__(self, patience: int, metric: str | None = None) -> None:
        super().__init__(metric)
        self.patience = patience

    def on_epoch_end(self, history: History, model: Model) -> bool:
        """Say whether to stop."""
        super().on_epoch_end(history, model)
        return self.record is not None and (
            history.epochs[-1].epoch - self.record.epoch >= self.patience
        )
