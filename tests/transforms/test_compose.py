"""Compose and Lambda."""

import pickle

import numpy as np
import pytest

from functorch_course.transforms import (
    Compose,
    Flatten,
    Lambda,
    Normalize,
    SampleTypeError,
    ToTensor,
)


def double(x):
    return 2 * x


class AddOne:
    """A user's own transform: a plain class, no base."""

    def __call__(self, x):
        return x + 1


def test_parts_apply_in_order():
    assert Compose([AddOne(), double])(3) == 8
    assert Compose([double, AddOne()])(3) == 7
    assert Compose([])(3) == 3


def test_a_part_that_cannot_be_called_is_refused_at_construction():
    with pytest.raises(SampleTypeError, match="Compose takes callables, got 3"):
        Compose([double, 3])
    with pytest.raises(TypeError, match="Lambda takes a callable, got 'x'"):
        Lambda("x")


def test_a_batch_equals_the_stacked_samples():
    samples = np.random.default_rng(0).integers(0, 256, (5, 4, 3), np.uint8)
    compose = Compose([ToTensor(), Normalize(0.5, 0.25), Flatten()])
    assert compose.batchable
    assert compose.takes_images
    batch = compose.batch(samples)
    assert batch.shape == (5, 12)
    np.testing.assert_array_equal(batch, np.stack([compose(sample) for sample in samples]))


def test_one_part_that_is_not_batchable_sends_the_batch_sample_by_sample():
    samples = np.random.default_rng(0).integers(0, 256, (5, 4, 3), np.uint8)
    compose = Compose([ToTensor(), double])
    assert not compose.batchable
    np.testing.assert_array_equal(
        compose.batch(samples), np.stack([compose(sample) for sample in samples])
    )


@pytest.mark.parametrize(
    ("parts", "takes_images"), [([], False), ([Flatten()], False), ([ToTensor()], True)]
)
def test_the_first_part_decides_whether_images_may_come(parts, takes_images):
    assert Compose(parts).takes_images is takes_images


def test_repr_is_indented_by_depth():
    inner = Compose([ToTensor(), Normalize((0.5,), (0.5,))])
    assert repr(Compose([inner, Lambda(double), AddOne.__call__])).splitlines()[:6] == [
        "Compose(",
        "    Compose(",
        "        ToTensor()",
        "        Normalize(mean=(0.5,), std=(0.5,))",
        "    )",
        "    Lambda(double)",
    ]
    assert repr(Compose([])) == "Compose()"


def test_survives_pickling_for_worker_processes():
    compose = pickle.loads(pickle.dumps(Compose([ToTensor(), Lambda(double)])))  # noqa: S301
    assert compose(np.full((1, 1), 255, np.uint8)).item() == 2.0
