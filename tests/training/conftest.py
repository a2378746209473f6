"""What the tests of the engines train on."""

import pytest

import functorch_course as fc

STEPS = [
    fc.transforms.ToTensor(),
    fc.transforms.Normalize((0.2860,), (0.3530,)),
    fc.transforms.Flatten(),
]


@pytest.fixture(scope="module")
def images():
    return fc.datasets.FashionMNISTSample(train=False, transform=fc.transforms.Compose(STEPS))
