"""Section M of the course: two-dimensional tensors."""

import jax
import jax.numpy as jnp
import numpy as np
import pytest

from functorch_course import nn
from functorch_course import tensor as ft
from functorch_course.autograd import grad
from functorch_course.errors import CourseError
from functorch_course.graph import graph
from functorch_course.tensor.errors import DtypeError, OutOfBoundsError, RaggedError, ShapeError
from tolerance import assert_close

course = pytest.mark.course
HOUSES = ft.tensor([[2, 4, 40], [3, 10, 50], [4, 12, 23], [5, 34, 24]])
A = ft.tensor([[11, 12, 13], [21, 22, 23], [31, 32, 33]])
X, Y = ft.tensor([[1, 0], [0, 1]]), ft.tensor([[2, 1], [1, 2]])


@course("M090", "M091", "M115", "M118")
def test_houses_are_rows_and_the_price_is_the_target():
    assert HOUSES.shape == (4, 3)
    features, price = HOUSES[:, :2], HOUSES[:, 2]
    assert (features.shape, price.shape) == ((4, 2), (4,))
    assert features[0].tolist() == [2, 4]
    assert features[:, 1].tolist() == [4, 10, 12, 34]


@course("M092", "M093", "M094", "M095")
def test_a_layer_takes_one_sample_or_a_batch_of_the_right_width():
    layer = nn.Linear(5, 2)
    assert layer(ft.ones(1, 5)).shape == (1, 2)
    assert layer(ft.ones(5)).shape == (2,)
    weight = layer.weight[...]
    one_sample = ft.view(ft.tensor([1, 2, 3, 4, 5]), 1, -1)
    assert one_sample.tolist() == [[1, 2, 3, 4, 5]]
    with pytest.raises(DtypeError, match="linear of int32 and float32"):
        ft.linear(one_sample, weight)
    with pytest.raises(ShapeError, match=r"but got \(3, 4\) and \(2, 5\)"):
        ft.linear(ft.ones(3, 4), weight)


@course("M096")
def test_vmap_turns_a_function_of_a_point_into_one_of_a_batch():
    weight, bias = ft.ones(2, 3), ft.tensor([1.0, 2.0])
    batch = ft.cast(HOUSES, "float")
    per_point = jax.vmap(lambda x: ft.matmul(weight, x) + bias)(batch)
    assert_close(per_point, ft.linear(batch, weight, bias))


@course("M097", "M098", "M099")
def test_the_two_products():
    assert ft.mul(X, Y).tolist() == [[2, 0], [0, 2]]
    assert ft.mul(ft.tensor([[1, 2], [3, 4]]), ft.tensor([10, 1])).tolist() == [[10, 2], [30, 4]]
    assert ft.mm(X, Y).tolist() == [[2, 1], [1, 2]]
    left, right = ft.tensor([[0, 1, 1], [1, 0, 1]]), ft.tensor([[1, 1], [1, 1], [-1, 1]])
    assert ft.mm(left, right).tolist() == ft.matmul(left, right).tolist() == [[0, 2], [0, 2]]
    with pytest.raises(ShapeError, match=r"mm expects shapes \(n, k\) and \(k, m\)"):
        ft.mm(X, ft.tensor([1, 2]))


@course("M100")
def test_an_embedding_is_a_checked_lookup():
    table = ft.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    one_hot = ft.tensor([0.0, 1.0, 0.0])
    assert_close(ft.matmul(one_hot, table), ft.index(table, 1))
    assert ft.index_select(table, 0, [2, 0]).tolist() == [[5, 6], [1, 2]]
    with pytest.raises(OutOfBoundsError, match="index 3 is outside axis 0 of length 3"):
        ft.index_select(table, 0, [3])


@course("M101")
def test_the_wrong_product_is_caught_where_shapes_are_written_down():
    @ft.shapes("N D, D -> N")
    def predict(x, w):
        return x * w

    with pytest.raises(ShapeError, match=r"\(3,\), but it is \(3, 3\)(.|\n)*x @ w"):
        predict(ft.ones(3, 3), ft.ones(3))


@course("M102", "M103", "M104")
def test_broadcasting():
    batch, bias = ft.ones(32, 10), ft.ones(10)
    assert ft.add(batch, bias).shape == (32, 10)
    assert ft.expand(bias, 32, 10).shape == (32, 10)
    with pytest.raises(ShapeError, match=r"\(32, 10\) and \(32,\) do not fit"):
        ft.add(batch, ft.ones(32))


@course("M105")
def test_the_gradient_of_a_bias_sums_over_the_batch():
    batch, weight = ft.ones(32, 3), ft.ones(2, 3)
    gradient = grad(lambda b: ft.sum(ft.linear(batch, weight, b)))(ft.zeros(2))
    assert gradient.tolist() == [32, 32]


@course("M106", "M107", "M108")
def test_a_numpy_buffer_that_is_written_later_changes_nothing():
    for _ in range(20):
        a = np.ones((64, 64), np.float32)
        x = ft.from_numpy(a)
        y = jax.jit(ft.mm)(x, x)
        a[:] = 0
        assert (y == 64).all()
    shared = ft.from_numpy(a, share=True)
    with pytest.raises(ValueError, match="read-only"):
        a[0] = 999
    assert (shared == 0).all()


@course("M109")
def test_numbers_become_a_graph():
    operations = [node.operation for node in graph(lambda a, b: ft.exp(a * b))(2.0, 3.0).nodes]
    assert operations == ["a", "b", "mul", "exp"]


@course("M110", "M111")
def test_the_gradient_of_a_sum_of_squares():
    w = ft.tensor([1.0, 2.0])
    assert grad(lambda w: (w**2).sum())(w).tolist() == [2, 4]


@course("M114")
def test_mixed_numbers_get_one_dtype():
    assert ft.tensor([1, 2, 3.5]).dtype == "float32"
    assert ft.tensor([True, 2]).tolist() == [1, 2]


@course("M116")
def test_a_loss_compares_equal_shapes():
    prediction, target = ft.ones(4, 1), ft.ones(4)
    with pytest.raises(ShapeError, match=r"their difference would have shape \(4, 4\)"):
        ft.check_same_shape(prediction, target)
    with pytest.raises(CourseError, match=r"\(4, 1\)"):
        nn.mse_loss(prediction, target)


@course("M117")
def test_class_labels_are_integers_in_range():
    logits = ft.tensor([[2.0, 1.0, 0.0]])
    assert_close(nn.cross_entropy(logits, ft.tensor([0])), np.float32(0.40760595))
    with pytest.raises(CourseError, match="3"):
        nn.cross_entropy(logits, ft.tensor([3]))


@course("M119", "M120", "M121")
def test_a_matrix_from_nested_lists():
    assert A.tolist() == [[11, 12, 13], [21, 22, 23], [31, 32, 33]]
    assert (ft.ndimension(A), ft.size(A), ft.numel(A)) == (2, (3, 3), 9)
    with pytest.raises(RaggedError, match=r"unequal lengths \[2, 1\]"):
        ft.tensor([[1, 2], [3]])


@course("M122")
def test_axis_0_runs_down_the_rows():
    assert ft.sum(A, 0).tolist() == [63, 66, 69]
    assert ft.sum(A, 1).tolist() == [36, 66, 96]


@course("M123")
def test_indexing_a_matrix():
    assert ft.index(A, (1, 2)) == 23
    assert ft.index(A, (0, slice(0, 2))).tolist() == [11, 12]
    assert ft.index(A, (slice(1, 3), 2)).tolist() == [23, 33]
    with pytest.raises(OutOfBoundsError, match="index 2 is outside axis 0 of length 2"):
        ft.index(ft.index(A, slice(1, 3)), 2)


@course("M124", "M125")
def test_one_neuron_and_a_batch_of_neurons():
    assert ft.dot(ft.tensor([1.0, 2.0, 3.0]), ft.ones(3)) + 0.5 == 6.5
    features_by_neurons = ft.ones(3, 2)
    y = ft.matmul(ft.cast(HOUSES, "float"), features_by_neurons) + ft.ones(2)
    assert y.shape == (4, 2)
    assert_close(y, ft.linear(ft.cast(HOUSES, "float"), features_by_neurons.T, ft.ones(2)))


@course("M127", "M128")
def test_images_to_channels_first_and_to_a_batch():
    image = ft.zeros(28, 30, 3)
    assert ft.permute(image, 2, 0, 1).shape == (3, 28, 30)
    assert ft.stack([ft.permute(image, 2, 0, 1)] * 4).shape == (4, 3, 28, 30)


@course("M129")
def test_layout_and_batching_are_conventions():
    layer = nn.Conv2d(3, 2, 3)
    assert layer(ft.ones(1, 3, 8, 8)).shape == (1, 2, 6, 6)
    assert layer(ft.ones(3, 8, 8)).shape == (2, 6, 6)
    assert jax.lax.conv(jnp.ones((1, 3, 8, 8)), jnp.ones((2, 3, 3, 3)), (1, 1), "VALID").shape == (
        1, 2, 6, 6,
    )  # fmt: skip
