"""Section S of the course, in PyTorch and here; what needs torchvision has a file of its own."""

from itertools import islice

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812

import functorch_course as fc
from parity.course.columns import Case, Raises, compare, plain, rows
from parity.course.datasets import TheirToy
from toy_set import AddMult, ToySet

TheirLoader, OurLoader = torch.utils.data.DataLoader, fc.data.DataLoader
ONE = ([2, 2], [1])


def both(function, expected, *, here=None):
    """Make a case of one function of a toy set and its loader."""
    theirs, ours = (lambda: function(TheirToy, TheirLoader)), (lambda: function(ToySet, OurLoader))
    return Case(theirs, ours, expected) if here is None else Case(theirs, ours, expected, here)


def shapes(batches):
    return tuple((tuple(x.shape), tuple(y.shape)) for x, y in batches)


def values(batches):
    """The first sample of each batch."""
    return tuple((x[0], y[0]) for x, y in batches)


def in_place(sample):
    x, y = sample
    x += 1
    return x, y


def seen_through(toy, transform):
    """Two accesses, and what is stored, seen by its extremes."""
    dataset = toy(transform=transform)
    return dataset[0], dataset[0], (dataset.x.min().item(), dataset.x.max().item())


def twice_in_place(toy, _loader):
    """Two accesses; each is copied at once, because the second changes what the first showed."""
    dataset = toy(transform=in_place)
    return plain(dataset[0][0]).copy(), plain(dataset[0][0]).copy()


def mistaken(base):
    class Mistaken(base):
        def __len__(self):
            return 5

        def __getitem__(self, index):
            return [10, 11, 12][index]

    return Mistaken()


def torch_model_and_batches():
    model = torch.nn.Linear(2, 1)
    loader = TheirLoader(TheirToy(96), batch_size=32, shuffle=True)
    before = model.weight.detach().clone()
    found = shapes(loader)
    for x, y in loader:
        loss = F.mse_loss(model(x), y)
    return found, loss.item() > 0, torch.equal(model.weight, before)


def our_model_and_batches():
    model = fc.nn.Linear(2, 1)
    loader = OurLoader(ToySet(96), batch_size=32, shuffle=True)
    before = model.weight[...]
    found = shapes(loader)
    for x, y in loader:
        loss = fc.nn.mse_loss(model(x), y)
    return found, loss.item() > 0, bool((model.weight[...] == before).all())


def torch_order():
    generator = torch.Generator().manual_seed(0)
    loader = TheirLoader(range(10), shuffle=True, generator=generator)
    return tuple([int(batch) for batch in loader] for _ in range(2))


def our_order():
    loader = OurLoader(range(10), shuffle=True, generator=fc.Generator().manual_seed(0))
    return tuple([int(batch[0]) for batch in loader] for _ in range(2))


def torch_trained(batches):
    torch.manual_seed(0)
    model = torch.nn.Linear(2, 1)
    optimizer = torch.optim.SGD(model.parameters(), lr=0.05)
    for x, y in batches:
        optimizer.zero_grad()
        F.mse_loss(model(x), y).backward()
        optimizer.step()
    return model.weight, model.bias


def our_trained(batches):
    fc.manual_seed(0)
    model = fc.nn.Linear(2, 1)
    result = fc.training.fit(model, batches, fc.nn.mse_loss, fc.optim.SGD(lr=0.05), epochs=1)
    return result.model.weight[...], result.model.bias[...]


TRAINED = (
    np.float32([[0.18000371754169464, 0.5646205544471741]]),
    np.float32([-0.4893319606781006]),
)
SHAPES = (*[((32, 2), (32, 1))] * 3, ((4, 2), (4, 1)))
TABLE = {
    "S178": Case(
        lambda: torch.nn.Linear(3, 2)([1.0, 2.0, 3.0]),
        lambda: fc.nn.Linear(3, 2)([1.0, 2.0, 3.0]),
        Raises(TypeError, "must be Tensor, not list"),
        here=Raises(TypeError, r"needs an array, got list: write np\.array"),
    ),
    "S179": Case(
        lambda: tuple(TheirLoader([10, 11, 12], batch_size=2)),
        lambda: tuple(OurLoader([10, 11, 12], batch_size=2)),
        ([10, 11], [12]),
    ),
    "S180": both(lambda toy, _: len(toy()), 100),
    "S181": both(lambda toy, _: toy()[0], ONE),
    "S182": both(lambda toy, _: values(([x], [y]) for x, y in islice(toy(), 1000)), (ONE,) * 100),
    "S183": Case(
        lambda: list(mistaken(torch.utils.data.Dataset)),
        lambda: list(mistaken(fc.data.Dataset)),
        [10, 11, 12],
        here=Raises(IndexError, "list index out of range"),
    ),
    "S184": both(lambda toy, loader: shapes(loader(toy(), batch_size=32)), SHAPES),
    "S186": both(lambda toy, _: (isinstance(toy()[0], tuple), len(toy()[0])), (True, 2)),
    "S187": both(lambda toy, _: tuple(tuple(part.shape) for part in toy()[0:3]), ((3, 2), (3, 1))),
    "S188": both(lambda toy, _: toy()[1], ONE),
    "S189": both(
        lambda toy, _: seen_through(toy, AddMult(1, 2)), (([3, 3], [2]), ([3, 3], [2]), (2, 2))
    ),
    "S189 in place": both(twice_in_place, ([3, 3], [4, 4])),
    "S190": both(lambda toy, _: shapes(toy()[i] for i in range(3)), (((2,), (1,)),) * 3),
    "S191": both(
        lambda toy, _: f"x: {toy()[0][0]} y: {toy()[0][1]}",
        "x: tensor([2., 2.]) y: tensor([1.])",
        here="x: [2. 2.] y: [1.]",
    ),
    "S192": both(
        lambda toy, _: (toy().x, toy().y, toy().x.dtype),
        (np.full((100, 2), 2.0, np.float32), np.ones((100, 1), np.float32), "float32"),
    ),
    "S193": both(lambda toy, _: (len(toy()), len(toy(length=7))), (100, 7)),
    "S194": both(
        lambda toy, _: (toy()[99], toy()[-1], tuple(toy()[99][1].shape)), (ONE, ONE, (1,))
    ),
    "S194 past the end": both(
        lambda toy, _: toy()[100], Raises(IndexError, "index 100 is out of bounds")
    ),
    "S195": both(lambda toy, _: AddMult(1, 2)(toy()[0]), ([3, 3], [2])),
    "S197": both(
        lambda toy, loader: (AddMult()(toy()[0]), *values(loader(toy(), batch_size=100))),
        (([3, 3], [1]), ONE),
    ),
    "S198": both(
        lambda toy, loader: values(loader(toy(transform=AddMult()), batch_size=100)),
        (([3, 3], [1]),),
    ),
    "S199": both(lambda toy, _: (toy()[0][0], toy()[0][1]), ONE),
    "S200": both(
        lambda toy, _: (lambda toy_set: (AddMult()(toy_set[0]), toy_set[0]))(toy()),
        (([3, 3], [1]), ONE),
    ),
    "S201": both(
        lambda toy, _: (AddMult()(toy()[0]), AddMult(2, 10)(toy()[0])),
        (([3, 3], [1]), ([4, 4], [10])),
    ),
    "S207": Case(
        lambda: torch.utils.data.Dataset(transform=AddMult()),
        lambda: fc.data.Dataset(transform=AddMult()),
        Raises(TypeError, "takes no arguments"),
    ),
    "S208": both(
        lambda toy, loader: (
            len(loader(toy(), 32, shuffle=True)),
            shapes(loader(toy(), 32, shuffle=True)),
            len(loader(toy(), 32, shuffle=True, drop_last=True)),
        ),
        (4, SHAPES, 3),
    ),
    "S209": Case(
        torch_order,
        our_order,
        ([3, 7, 5, 2, 0, 8, 1, 6, 9, 4], [1, 3, 2, 7, 5, 9, 0, 6, 4, 8]),
    ),
    "S210": Case(torch_model_and_batches, our_model_and_batches, (SHAPES[:1] * 3, True, True)),
    "S211": Case(
        lambda: torch_trained(list(TheirLoader(TheirToy(), batch_size=32))),
        lambda: our_trained(list(OurLoader(ToySet(), batch_size=32))),
        TRAINED,
    ),
    "S211 by a loader": Case(
        lambda: torch_trained(TheirLoader(TheirToy(), batch_size=32)),
        lambda: our_trained(OurLoader(ToySet(), batch_size=32)),
        TRAINED,
    ),
}


@rows(TABLE)
def test_both_columns(case):
    compare(case)


@pytest.mark.pytorch("S184")
def test_pytorch_does_not_collate_arrays_of_jax():
    import jax.numpy as jnp

    with pytest.raises(TypeError, match="default_collate: batch must contain tensors"):
        next(iter(TheirLoader([jnp.ones(2)] * 2, batch_size=2)))
