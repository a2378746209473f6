"""Section S of the course: a simple dataset, its transforms and its loader."""

from functools import partial
from itertools import islice

import jax.numpy as jnp
import numpy as np
import pytest

import functorch_course as fc
from tolerance import assert_close
from toy_set import AddMult, Mult, ToySet

course = pytest.mark.course


def lists(sample):
    """Return a sample as lists."""
    return tuple(np.asarray(part).tolist() for part in sample)


def shapes(loader):
    """Return the shapes of each batch (x, y)."""
    return [(x.shape, y.shape) for x, y in loader]


@course("S178")
def test_models_refuse_lists():
    model = fc.nn.Linear(3, 2)
    with pytest.raises(TypeError, match=r"needs an array, got list: write np\.array"):
        model([1.0, 2.0, 3.0])
    assert model(np.float32([1, 2, 3])).shape == (2,)


@course("S179")
def test_two_methods_make_a_dataset():
    class Squares:
        def __len__(self):
            return 3

        def __getitem__(self, index):
            return index**2

    batches = fc.data.DataLoader([10, 11, 12], batch_size=2)
    assert [batch.tolist() for batch in batches] == [[10, 11], [12]]
    batches = fc.data.DataLoader(Squares(), batch_size=2)
    assert [batch.tolist() for batch in batches] == [[0, 1], [4]]


@course("S180", "S181", "S186", "S188", "S193")
def test_length_and_samples():
    assert (len(ToySet()), len(ToySet(length=7))) == (100, 7)
    sample = ToySet()[0]
    assert isinstance(sample, tuple)
    assert lists(sample) == ([2, 2], [1])


@course("S182")
@pytest.mark.parametrize("library", [np, jnp])
def test_iteration_takes_every_sample_once(library):
    dataset = ToySet(library=library)
    samples = [lists(sample) for sample in islice(dataset, 1000)]
    assert samples == [([2, 2], [1])] * 100


@course("S182", "S183")
def test_python_stops_at_an_index_error_and_a_dataset_at_its_length():
    class Plain:
        def __len__(self):
            return 100

        def __getitem__(self, index):
            return jnp.ones(100)[index]  # jax gives the last element for every larger index

    class Derived(Plain, fc.data.Dataset):
        __iter__ = fc.data.Dataset.__iter__

    assert len(list(islice(Plain(), 101))) == 101
    assert len(list(islice(Derived(), 101))) == 100


@course("S183")
def test_a_mistake_within_a_sample_does_not_end_the_loop():
    class Mistaken(fc.data.Dataset):
        def __len__(self):
            return 5

        def __getitem__(self, index):
            return [10, 11, 12][index]

    with pytest.raises(IndexError, match="list index out of range"):
        list(Mistaken())


@course("S184")
def test_batches():
    expected = [((32, 2), (32, 1))] * 3 + [((4, 2), (4, 1))]
    assert shapes(fc.data.DataLoader(ToySet(), batch_size=32)) == expected
    with pytest.warns(UserWarning, match="the dataset gives jax arrays"):
        assert shapes(fc.data.DataLoader(ToySet(library=jnp), batch_size=32)) == expected


@course("S187")
def test_a_slice_gives_several_samples():
    x, y = ToySet()[0:3]
    assert (x.shape, y.shape) == ((3, 2), (3, 1))


@course("S189")
def test_transforms_leave_the_data_alone():
    dataset = ToySet(transform=AddMult(1, 2))
    assert lists(dataset[0]) == lists(dataset[0]) == ([3, 3], [2])
    np.testing.assert_array_equal(dataset.x, np.full((100, 2), 2))


@course("S189")
@pytest.mark.parametrize(("library", "second"), [(np, 4), (jnp, 3)])
def test_only_jax_arrays_are_safe_from_transforms_in_place(library, second):
    def add_in_place(sample):
        x, y = sample
        x += 1
        return x, y

    dataset = ToySet(transform=add_in_place, library=library)
    assert lists(dataset[0]) == ([3, 3], [1])
    assert lists(dataset[0]) == ([second, second], [1])


@course("S190", "S191")
def test_the_first_three_samples_printed(capsys):
    dataset = ToySet()
    for i in range(3):
        x, y = dataset[i]
        assert (x.shape, y.shape) == ((2,), (1,))
        print("x:", x, "y:", y)
    assert capsys.readouterr().out == "x: [2. 2.] y: [1.]\n" * 3
    assert repr(jnp.asarray(x)) == "Array([2., 2.], dtype=float32)"


@course("S192")
def test_the_data_of_the_toy_set():
    dataset = ToySet()
    np.testing.assert_array_equal(dataset.x, np.full((100, 2), 2))
    np.testing.assert_array_equal(dataset.y, np.full((100, 1), 1))
    assert dataset.x.dtype == dataset.y.dtype == "float32"


@course("S194")
def test_the_last_sample_and_none_beyond():
    dataset = ToySet()
    assert lists(dataset[99]) == lists(dataset[-1]) == ([2, 2], [1])
    assert dataset[99][1].shape == (1,)
    with pytest.raises(IndexError, match="index 100 is out of bounds"):
        dataset[100]
    x, y = fc.data.default_collate([dataset[99], dataset[-1]])
    assert (x.shape, y.shape) == ((2, 2), (2, 1))


@course("S194")
def test_the_librarys_datasets_know_their_end_with_jax_arrays_too():
    dataset = fc.data.TensorDataset(jnp.ones((100, 2)), jnp.ones((100, 1)))
    assert lists(dataset[99]) == lists(dataset[-1]) == ([1, 1], [1])
    with pytest.raises(IndexError, match="100"):
        dataset[100]


@course("S195", "S201")
@pytest.mark.parametrize("kind", [AddMult, fc.transforms.AddMultiply])
@pytest.mark.parametrize(
    ("arguments", "expected"),
    [((), ([3, 3], [1])), ((1, 2), ([3, 3], [2])), ((2, 10), ([4, 4], [10]))],
)
def test_transforms_are_callable_objects(kind, arguments, expected):
    assert lists(kind(*arguments)(ToySet()[0])) == expected


@course("S196")
def test_functions_store_parameters_too():
    def add_mult(sample, addx, muly):
        return sample[0] + addx, sample[1] * muly

    function, stored = partial(add_mult, addx=1, muly=2), AddMult(1, 2)
    sample = ToySet()[0]
    assert lists(function(sample)) == lists(stored(sample)) == ([3, 3], [2])
    assert lists(fc.transforms.Compose([function, stored])(sample)) == ([4, 4], [4])


@course("S197", "S199", "S200")
def test_a_transform_by_hand_reaches_neither_dataset_nor_loader():
    dataset, transform = ToySet(), AddMult()
    assert lists(dataset[0]) == ([2, 2], [1])
    assert lists(transform(dataset[0])) == ([3, 3], [1])
    assert lists(dataset[0]) == ([2, 2], [1])
    x, y = next(iter(fc.data.DataLoader(dataset, batch_size=100)))
    assert (set(x.ravel().tolist()), set(y.ravel().tolist())) == ({2}, {1})


@course("S198")
def test_a_transform_of_the_dataset_is_always_applied():
    dataset = ToySet(transform=AddMult())
    assert lists(dataset[0]) == ([3, 3], [1])
    x, y = next(iter(fc.data.DataLoader(dataset, batch_size=100)))
    assert (set(x.ravel().tolist()), set(y.ravel().tolist())) == ({3}, {1})


@course("S203")
def test_compose_goes_from_left_to_right():
    sample, compose = ToySet()[0], fc.transforms.Compose
    assert lists(compose([AddMult(), Mult(100)])(sample)) == ([300, 300], [100])
    assert lists(compose([Mult(100), AddMult()])(sample)) == ([201, 201], [100])
    assert compose([])(sample) is sample


@course("S204")
def test_a_dataset_with_composed_transforms():
    dataset = ToySet(transform=fc.transforms.Compose([AddMult(), Mult(100)]))
    assert lists(dataset[0]) == ([300, 300], [100])
    (x, y), *_ = fc.data.DataLoader(dataset, batch_size=2)
    assert lists((x, y)) == ([[300, 300], [300, 300]], [[100], [100]])


class Flipped(fc.data.Dataset):
    """Rows 0, 1, each flipped or not."""

    flip = fc.transforms.RandomHorizontalFlip()

    def __len__(self):
        return 64

    def __getitem__(self, index):
        return self.flip(np.float32([[[0, 1]]]))


@course("S205")
def test_each_access_is_fresh_and_repeats_from_its_seed():
    def seen():
        fc.manual_seed(0)
        return [float(Flipped()[0][0, 0, 0]) for _ in range(64)]

    assert set(seen()) == {0, 1}
    assert seen() == seen()


@course("S205")
def test_an_epoch_depends_on_its_seed_and_number_and_on_nothing_else():
    def epochs(batch_size):
        loader = fc.data.DataLoader(Flipped(), batch_size, generator=fc.Generator(0))
        return [np.concatenate(list(loader)).tolist() for _ in range(2)]

    first, second = epochs(8)
    assert first != second
    assert epochs(5) == [first, second]


@course("S207")
def test_a_dataset_has_to_be_written():
    with pytest.raises(TypeError, match="takes no arguments"):
        fc.data.Dataset(transform=AddMult())
    with pytest.raises(NotImplementedError, match="write `def __getitem__"):
        fc.data.Dataset()[0]


@course("S208")
def test_the_last_batch():
    loader = partial(fc.data.DataLoader, ToySet(), batch_size=32, shuffle=True)
    assert len(loader()) == 4
    assert [len(x) for x, _ in loader()] == [32, 32, 32, 4]
    assert len(loader(drop_last=True)) == 3
    assert [len(x) for x, _ in loader(drop_last=True)] == [32, 32, 32]
    batches = list(loader(pad_last=True))
    assert [len(padded.batch[0]) for padded in batches] == [32] * 4
    assert [int(padded.mask.sum()) for padded in batches] == [32, 32, 32, 4]


@course("S209")
def test_each_epoch_has_a_new_order_and_it_is_pytorchs():
    loader = fc.data.DataLoader(range(10), shuffle=True, generator=fc.Generator().manual_seed(0))
    first, second = ([int(batch[0]) for batch in loader] for _ in range(2))
    assert first == [3, 7, 5, 2, 0, 8, 1, 6, 9, 4]
    assert second != first
    assert sorted(second) == list(range(10))


@course("S210")
def test_the_loop_of_the_course_computes_losses_and_learns_nothing():
    model = fc.nn.Linear(2, 1, generator=fc.Generator(0))
    before = fc.nn.state_dict(model)
    loader = fc.data.DataLoader(ToySet(96), batch_size=32, shuffle=True)
    for x, y in loader:
        assert (x.shape, y.shape, x.dtype, y.dtype) == ((32, 2), (32, 1), "float32", "float32")
        loss = fc.nn.mse_loss(model(x), y)
        assert loss > 0
    for name, value in fc.nn.state_dict(model).items():
        np.testing.assert_array_equal(value, before[name])
    result = fc.training.fit(model, loader, fc.nn.mse_loss, fc.optim.SGD(lr=0.05), epochs=10)
    assert fc.nn.mse_loss(result.model(x), y) < loss / 100


@course("S211")
def test_a_list_of_batches_trains_as_well_as_a_loader():
    def train(batches):
        model = fc.nn.Linear(2, 1, generator=fc.Generator(0))
        result = fc.training.fit(model, batches, fc.nn.mse_loss, fc.optim.SGD(lr=0.05), epochs=2)
        return fc.nn.state_dict(result.model), fc.nn.state_dict(fc.nn.Linear(2, 1))

    loader = fc.data.DataLoader(ToySet(), batch_size=32)
    (listed, _), (loaded, start) = train(list(loader)), train(loader)
    assert set(listed) == {"weight", "bias"}
    for name, value in loaded.items():
        assert_close(listed[name], value)
        assert not np.array_equal(value, start[name])
