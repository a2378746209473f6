"""From keys to a batch: sample by sample, all at once, with errors and padding."""

import numpy as np
import pytest

from functorch_course.data import DataLoader, Padded, TensorDataset, default_collate
from functorch_course.data.fetch import Recipe, Task, make_fetcher
from functorch_course.random import rand
from samples_for_workers import Noisy, Stream, Troubled, replace


def recipe(dataset, **changes):
    settings = {"collate_fn": default_collate, "batched": True, "stream": False} | changes
    return Recipe(dataset, **settings)


class Recorded(TensorDataset):
    """Notes in which way it was asked."""

    def __init__(self, length, fails=()):
        super().__init__(np.arange(length))
        self.calls, self.fails = [], fails

    def get_batch(self, indices):
        self.calls.append("batch")
        if set(indices) & set(self.fails):
            raise ValueError("a sample of the batch is broken")
        return super().get_batch(indices)

    def __getitem__(self, index):
        self.calls.append("sample")
        if index in self.fails:
            raise ValueError(f"sample {index} is broken")
        return super().__getitem__(index)

    can_get_batch = True


def test_whole_batches_are_taken_where_the_dataset_gives_them():
    dataset = Recorded(6)
    fetched = make_fetcher(recipe(dataset), 0, 0).fetch(Task(0, [4, 1]))
    assert fetched.batch[0].tolist() == [4, 1]
    assert dataset.calls == ["batch"]


def test_a_collate_function_of_your_own_gets_samples():
    dataset = Recorded(6)
    batch = make_fetcher(recipe(dataset, collate_fn=list), 0, 0).fetch(Task(0, [4, 1])).batch
    assert batch == [(4,), (1,)]
    assert dataset.calls == ["sample", "sample"]


def test_getitems_is_asked_before_single_samples():
    class Many(list):
        def __getitems__(self, keys):
            return f"all of {keys}"

    fetcher = make_fetcher(recipe(Many([1, 2]), collate_fn=lambda samples: samples), 0, 0)
    assert fetcher.fetch(Task(0, [1, 0])).batch == "all of [1, 0]"


def test_an_error_says_which_sample():
    with pytest.raises(ValueError, match="DataLoader: at sample 5 of the dataset"):
        make_fetcher(recipe(Troubled("error")), 0, 0).fetch(Task(0, [4, 5]))
    with pytest.raises(ValueError, match=r"at batch 3, the samples \[2, 1\]"):
        make_fetcher(recipe(Recorded(6, fails=[1])), 0, 0).fetch(Task(3, [2, 1]))


def test_stop_iteration_is_no_silent_end():
    with pytest.raises(RuntimeError, match=r"dataset\[5\] raised StopIteration"):
        make_fetcher(recipe(Troubled("stop")), 0, 0).fetch(Task(0, [5]))

    def exhausted(samples):
        return next(iter([]))

    with pytest.raises(RuntimeError, match="batch 7: StopIteration came from the dataset or the"):
        make_fetcher(recipe([1, 2], collate_fn=exhausted), 0, 0).fetch(Task(7, [0]))


@pytest.mark.parametrize("dataset", [Troubled("error"), Recorded(20, fails=[5])])
def test_bad_samples_are_left_out_and_named(dataset):
    fetched = make_fetcher(recipe(dataset, on_error="skip"), 0, 0).fetch(Task(0, [4, 5, 6]))
    assert np.ravel(fetched.batch).tolist() == [4, 6]
    assert fetched.size == 2
    (key, problem) = fetched.skipped[0]
    assert key == 5
    assert problem.startswith("ValueError: sample")


def test_bad_samples_are_replaced():
    fetcher = make_fetcher(recipe(Troubled("error"), on_error=replace), 0, 0)
    assert fetcher.fetch(Task(0, [4, 5, 6])).batch.tolist() == [4, -5, 6]


def test_a_batch_of_bad_samples_alone_is_empty():
    fetched = make_fetcher(recipe(Troubled("error"), on_error="skip"), 0, 0).fetch(Task(0, [5]))
    assert (fetched.batch, fetched.size) == (None, 0)


@pytest.mark.parametrize("dataset", [list(range(6)), Recorded(6)])
def test_a_batch_is_filled_up_with_its_first_sample(dataset):
    padded = make_fetcher(recipe(dataset, pad_to=4), 0, 0).fetch(Task(0, [3, 5])).batch
    assert isinstance(padded, Padded)
    assert np.ravel(padded.batch).tolist() == [3, 5, 3, 3]
    assert padded.mask.tolist() == [True, True, False, False]


def test_filling_up_loads_nothing_again():
    dataset = Troubled("error", at=99)
    dataset.asked = []
    dataset.__class__ = type("Asked", (Troubled,), {"__getitem__": _note_and_give})
    make_fetcher(recipe(dataset, pad_to=5), 0, 0).fetch(Task(0, [3]))
    assert dataset.asked == [3]


def _note_and_give(self, index):
    self.asked.append(index)
    return index


def test_what_a_sample_draws_depends_on_its_index_alone():
    one = make_fetcher(recipe(Noisy()), 1, 0).fetch(Task(0, [3, 4, 5])).batch[1]
    other = make_fetcher(recipe(Noisy()), 1, 0).fetch(Task(9, [5, 3])).batch[1]
    np.testing.assert_array_equal(other, one[[2, 0]])
    later = make_fetcher(recipe(Noisy()), 1, 1).fetch(Task(0, [3])).batch[1]
    assert (later != one[:1]).all()


def test_an_index_that_comes_again_draws_anew_where_it_may():
    repeated = make_fetcher(recipe(Noisy(), repeats=True), 1, 0).fetch(Task(0, [3, 3])).batch[1]
    assert (repeated[0] != repeated[1]).all()
    same = make_fetcher(recipe(Noisy()), 1, 0).fetch(Task(0, [3, 3])).batch[1]
    assert (same[0] == same[1]).all()


def test_what_the_collate_function_draws_depends_on_the_batch():
    def draw(samples):
        return rand(2)

    def batch(number):
        return make_fetcher(recipe([1, 2], collate_fn=draw), 1, 0).fetch(Task(number, [0])).batch

    np.testing.assert_array_equal(batch(3), batch(3))
    assert (batch(3) != batch(4)).all()


def test_a_stream_gives_what_is_left():
    fetcher = make_fetcher(recipe(Stream(5), stream=True), 0, 0)
    batches = [fetcher.fetch(Task(n, [None, None])) for n in range(4)]
    assert [b.batch.tolist() for b in batches[:3]] == [[0, 1], [2, 3], [4]]
    assert batches[3] is None


def test_a_stream_without_batches_or_with_full_ones_alone():
    fetcher = make_fetcher(recipe(Stream(2), stream=True, batched=False, collate_fn=str), 0, 0)
    assert [fetcher.fetch(Task(n, None)) and "more" for n in range(3)] == ["more", "more", None]
    fetcher = make_fetcher(recipe(Stream(3), stream=True, drop_last=True), 0, 0)
    assert [fetcher.fetch(Task(n, [None] * 2)) is None for n in range(2)] == [False, True]


def test_a_stream_names_the_sample_that_fails():
    with pytest.raises(ValueError, match="at sample 4 of the dataset"):
        list(DataLoader(Stream(9, "error"), 2))


def test_a_broken_samples_generator_is_put_back():
    from functorch_course.random import current_generator, default_generator

    with pytest.raises(ValueError, match="sample is broken"):
        make_fetcher(recipe(Troubled("error")), 0, 0).fetch(Task(0, [5]))
    assert current_generator() is default_generator
