"""A training run that can be killed: trains with checkpoints, and says where it is."""

import sys
from pathlib import Path

import flax.nnx
import jax
import numpy as np

import functorch_course as fc
from functorch_course.training import Callback, Checkpoints, fit

EPOCHS, BATCHES = 6, 8


class Loud(Callback):
    """Prints a line at every step and epoch."""

    def on_epoch_start(self, epoch, steps):
        print("start", epoch, flush=True)

    def on_progress(self, batches, history):
        print("progress", flush=True)

    def on_epoch_end(self, history, model):
        print("end", flush=True)
        return False


class Net(fc.nn.Module):
    """A model whose state has all kinds of arrays: parameters, statistics, random keys."""

    def __init__(self):
        self.linear = fc.nn.Linear(12, 3)
        self.dropout = flax.nnx.Dropout(0.25, rngs=flax.nnx.Rngs(1))
        self.norm = flax.nnx.BatchNorm(3, rngs=flax.nnx.Rngs(0))

    def __call__(self, x):
        return self.norm(self.linear(self.dropout(x)))


def train(folder, engine, resume=None, epochs=EPOCHS, keep=3, batch_size=7):
    """Train on noise; the batches do not come out even."""
    fc.manual_seed(11)
    x, y = fc.random.randn(BATCHES * 7 - 3, 12), fc.random.randint(0, 3, (BATCHES * 7 - 3,))
    loader = fc.data.DataLoader(fc.data.TensorDataset(x, y), batch_size, shuffle=True)
    result = fit(
        Net(),
        loader,
        fc.nn.cross_entropy,
        fc.optim.SGD(lr=0.05, momentum=0.9),
        epochs,
        validation=loader,
        callbacks=[Loud()],
        compile=engine,
        checkpoints=folder and Checkpoints(folder, keep),
        resume=resume,
    )
    return result, loader.state_dict(), fc.random.get_rng_state()


def outcome(result, loader, generator):
    """Everything that must be the same to the bit, as arrays by name."""
    leaves = jax.tree_util.tree_leaves_with_path(flax.nnx.state(result.model))
    arrays = {
        jax.tree_util.keystr(path): np.asarray(
            jax.random.key_data(leaf)
            if jax.dtypes.issubdtype(leaf.dtype, jax.dtypes.prng_key)
            else leaf
        )
        for path, leaf in leaves
    }
    records = [
        (record.epoch, record.steps, record.train_loss, record.validation_loss)
        for record in result.history.epochs
    ]
    return arrays | {
        "losses": np.array(result.history.step_losses),
        "records": np.array(records),
        "loader": np.array(repr(loader)),
        "generator": generator,
    }


if __name__ == "__main__":
    folder, engine = Path(sys.argv[1]), sys.argv[2]
    np.savez(folder / "outcome.npz", **outcome(*train(folder / "checkpoints", engine, "auto")))
    print("done", flush=True)
