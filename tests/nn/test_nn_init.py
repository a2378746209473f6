"""Starting values: PyTorch's golden numbers, and the spread that they are made for."""

import numpy as np
import pytest

from functorch_course.errors import InvalidValueError
from functorch_course.nn import init
from functorch_course.random import Generator

GOLDEN = {  # torch.nn.init.<name>_(torch.empty(shape), ..., generator=seed 7)
    "uniform": (
        (3,),
        {"a": -1.0, "b": 2.0},
        [0.6047676205635071, -0.40359044075012207, 0.9776350855827332],
    ),
    "normal": (
        (3,),
        {"mean": 1.0, "std": 0.5},
        [0.9266024231910706, 1.3930706977844238, 1.4734108448028564],
    ),
    "trunc_normal": (
        (4,),
        {"std": 2.0, "a": -1.0, "b": 1.0},
        [-0.2935901880264282, 0.481092244386673, -0.7112500667572021, 0.26561394333839417],
    ),
    "xavier_uniform": (
        (2, 2),
        {"gain": 2.0},
        [0.17108482122421265, -1.4755570888519287, 0.7799748778343201, 0.7686022520065308],
    ),
    "xavier_normal": (
        (2, 2),
        {},
        [-0.10379981249570847, 0.5558858513832092, 0.6695039868354797, -0.7879602313041687],
    ),
    "kaiming_uniform": (
        (1, 4),
        {"a": 0.5},
        [0.0765114575624466, -0.6598891615867615, 0.34881535172462463, 0.3437293767929077],
    ),
    "kaiming_normal": (
        (2, 2),
        {"mode": "fan_out", "nonlinearity": "relu"},
        [-0.1467950940132141, 0.7861412763595581, 0.9468216300010681, -1.1143440008163452],
    ),
}


@pytest.mark.parametrize("name", GOLDEN)
def test_values_are_pytorchs(name):
    shape, options, desired = GOLDEN[name]
    actual = getattr(init, name)(shape, **options, generator=Generator(7))
    np.testing.assert_array_equal(actual.ravel(), np.float32(desired))


def test_uniform_starts_stay_inside_their_bound():
    bound = np.sqrt(6 / (30 + 20))
    values = init.xavier_uniform((20, 30), generator=Generator(0))
    assert 0.95 * bound < np.abs(values).max() <= bound


def test_kaiming_keeps_the_variance_through_relus():
    x = np.random.default_rng(0).normal(size=(2000, 256))
    generator = Generator(0)
    for _ in range(5):
        weight = init.kaiming_normal((256, 256), nonlinearity="relu", generator=generator)
        x = np.maximum(x @ weight.T, 0)
    assert 0.7 < (x**2).mean() * 2 / 2 < 1.4


def test_orthogonal_rows_have_the_length_of_the_gain():
    weight = init.orthogonal((3, 2, 4), gain=2.0, generator=Generator(0)).reshape(3, 8)
    np.testing.assert_allclose(weight @ weight.T, 4 * np.eye(3), atol=1e-5)


def test_truncated_values_stay_inside():
    for a, b in [(-1.0, 1.0), (2.0, 3.0), (-9.0, -4.0)]:
        values = init.trunc_normal((500,), a=a, b=b, generator=Generator(0))
        assert a <= values.min() <= values.max() <= b


@pytest.mark.parametrize(
    ("function", "arguments", "message"),
    [
        (init.kaiming_uniform, ((3,),), r"shape=\(3,\) has no fan: a weight needs at least two"),
        (init.kaiming_normal, ((3, 3), 0.0, "fan"), r"mode='fan' is unknown"),
        (init.kaiming_normal, ((3, 3), 0.0, "fan_in", "swish"), r"nonlinearity='swish' is unknown"),
        (init.orthogonal, ((3,),), r"an orthogonal weight needs two axes"),
        (init.sparse, ((3, 3, 3), 0.1), r"a sparse weight has two axes"),
        (init.eye, ((3,),), r"the identity has two axes"),
        (init.trunc_normal, ((3,), 0.0, 1.0, 2.0, 2.0), r"needs a < b and std > 0"),
    ],
)
def test_refuses_what_has_no_meaning(function, arguments, message):
    with pytest.raises(InvalidValueError, match=message):
        function(*arguments)
