"""Write down what each step of a PyTorch program computes, to be compared later.

Copy this file beside your script; it needs torch and NumPy, and nothing else:

    recorder = TraceRecorder(model)                       # before the first step
    recorder.step(inputs, targets, outputs, loss)         # after each optimizer.step()
    recorder.end_epoch(test_outputs.argmax(1), accuracy)  # after each epoch, both if you like
    recorder.save("mine.npz")                             # at the end
"""

from hashlib import sha256

import numpy as np


def sketch(values):
    """Two numbers for many: the product with (cos 0, cos 1, ...), and the norm; None is 0."""
    flat = np.zeros(1) if values is None else values.detach().cpu().double().flatten().numpy()
    return flat @ np.cos(np.arange(flat.size)), np.linalg.norm(flat)


class TraceRecorder:
    """Collects the steps of a ``torch.nn.Module``."""

    def __init__(self, model):
        self.start = {f"start.{n}": p.detach().cpu().clone() for n, p in model.named_parameters()}
        self.model, self.now, self.steps, self.epochs = model, [*self.start.values()], [], []

    def step(self, inputs, targets, outputs, loss):
        """Write down one step; call it between ``optimizer.step()`` and ``zero_grad()``."""
        samples = zip(inputs.cpu().numpy(), targets.cpu().numpy())
        batch = " ".join(sha256(x.tobytes() + y.tobytes()).hexdigest()[:16] for x, y in samples)
        before, self.now = self.now, [p.detach().cpu().clone() for p in self.model.parameters()]
        updates = [new - old for new, old in zip(self.now, before)]
        changing = (outputs, *(p.grad for p in self.model.parameters()), *updates)
        self.steps.append((batch, loss.item(), [sketch(values) for values in changing]))

    def end_epoch(self, predictions=(), accuracy=np.nan):
        """Write down the parameters, and what is predicted for the test set."""
        self.epochs.append((len(self.steps), accuracy, np.asarray(predictions), *self.now))

    def save(self, path):
        """Write the ``.npz`` file."""
        np.savez_compressed(path, *zip(*self.steps), *zip(*self.epochs), **self.start)
