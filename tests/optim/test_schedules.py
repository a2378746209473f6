"""Schedules as functions of the count of updates, and the one that looks at a metric."""

import jax
import jax.numpy as jnp
import numpy as np
import optax
import pytest

from functorch_course import optim
from functorch_course.errors import InvalidValueError, TeachingError


def rates(schedule, *updates):
    return [round(float(schedule(update)), 6) for update in updates]


def test_an_epoch_is_as_many_updates_as_said():
    schedule = optim.StepLR(0.1, 2, steps_per_epoch=5)
    assert rates(schedule, 0, 9, 10, 19, 20) == [0.1, 0.1, 0.01, 0.01, 0.001]
    each = optim.StepLR(0.1, 2, steps_per_epoch=1)
    assert rates(each, 0, 1, 2, 3, 4) == [0.1, 0.1, 0.01, 0.01, 0.001]


def test_whoever_forgets_to_say_what_an_epoch_is_is_told():
    with pytest.raises(TypeError, match="steps_per_epoch"):
        optim.StepLR(0.1, 30)


@pytest.mark.parametrize(
    ("schedule", "desired"),
    [
        (optim.MultiStepLR(1.0, [3, 1, 3], 0.5, steps_per_epoch=1), [1, 0.5, 0.5, 0.125, 0.125]),
        (optim.ExponentialLR(1.0, 0.5, steps_per_epoch=1), [1, 0.5, 0.25, 0.125, 0.0625]),
        (optim.LinearLR(1.0, 0.25, 0.75, 2, steps_per_epoch=1), [0.25, 0.5, 0.75, 0.75, 0.75]),
        (optim.CosineAnnealingLR(1.0, 2, 0.5, steps_per_epoch=1), [1, 0.75, 0.5, 0.75, 1]),
        (optim.OneCycleLR(1.0, 5, pct_start=0.6, div_factor=4.0, final_div_factor=25.0),
         [0.25, 0.625, 1.0, 0.505, 0.01]),
        (optim.OneCycleLR(1.0, 5, pct_start=0.2, anneal_strategy="linear", final_div_factor=1.0),
         [1.0, 0.76, 0.52, 0.28, 0.04]),
    ],
)  # fmt: skip
def test_rates_are_those_of_the_formula(schedule, desired):
    assert rates(schedule, *range(5)) == desired


def test_a_schedule_is_compiled_into_the_update():
    optimizer = optim.SGD(lr=optim.StepLR(1.0, 1, 0.5, steps_per_epoch=2))
    update = jax.jit(lambda state: optimizer.update(jnp.ones(()), state))
    state, moves = optimizer.init(jnp.ones(())), []
    for _ in range(5):
        move, state = update(state)
        moves.append(float(move))
    assert moves == [-1.0, -1.0, -0.5, -0.5, -0.25]


def test_one_cycle_stays_at_its_last_rate():
    schedule = optim.OneCycleLR(1.0, epochs=2, steps_per_epoch=5)
    assert rates(schedule, 9, 10, 1000) == rates(schedule, 9, 9, 9)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: optim.StepLR(-0.1, 1, steps_per_epoch=1), r"lr=-0\.1 must not be negative"),
        (lambda: optim.StepLR(0.1, 0, steps_per_epoch=1), r"step_size=0 must be at least 1"),
        (lambda: optim.StepLR(0.1, 1, 0.0, steps_per_epoch=1), r"gamma=0\.0 must be positive"),
        (lambda: optim.ExponentialLR(0.1, 0.9, steps_per_epoch=0), r"steps_per_epoch=0 must be"),
        (lambda: optim.LinearLR(0.1, 0.0, steps_per_epoch=1), r"start_factor=0\.0 must lie in \("),
        (lambda: optim.OneCycleLR(0.1), r"needs total_steps, or epochs and steps_per_epoch"),
        (lambda: optim.OneCycleLR(0.1, 10, pct_start=2), r"pct_start=2 must lie in \[0, 1\]"),
        (lambda: optim.OneCycleLR(0.1, 10, anneal_strategy="line"), r"anneal_strategy='line' is"),
        (
            lambda: optim.ReduceLROnPlateau(0.1, factor=1.0, steps_per_epoch=1),
            r"factor=1\.0 must lie in \(0, 1\)",
        ),
        (
            lambda: optim.ReduceLROnPlateau(0.1, mode="least", steps_per_epoch=1),
            r"mode='least' is unknown: write one of 'min', 'max'",
        ),
    ],
)
def test_refuses_numbers_without_meaning(make, message):
    with pytest.raises(InvalidValueError, match=message):
        make()


def falls(values, **options):
    """The rates at which each value's update was made."""
    optimizer = optax.chain(optim.SGD(lr=1.0), optim.ReduceLROnPlateau(1.0, **options))
    update = jax.jit(lambda state, value: optimizer.update(jnp.ones(()), state, value=value))
    state, made = optimizer.init(jnp.ones(())), []
    for value in values:
        move, state = update(state, value)
        made.append(-float(move))
    return made


def test_the_rate_falls_after_more_than_patience_epochs_without_improvement():
    losses = [3.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0]
    made = falls(losses, factor=0.5, patience=1, steps_per_epoch=1)
    assert made == [1, 1, 1, 1, 0.5, 0.5, 0.25]


def test_an_epoch_is_judged_by_its_mean():
    losses = [3.0, 1.0, 1.0, 3.0, 5.0, 0.0, 1.0, 1.0]
    made = falls(losses, factor=0.5, patience=0, steps_per_epoch=2)
    assert made == [1, 1, 1, 1, 0.5, 0.5, 0.25, 0.25]


def test_the_rate_does_not_fall_below_the_least_nor_in_the_cooldown():
    made = falls([1.0] * 8, factor=0.5, patience=0, cooldown=2, min_lr=0.3, steps_per_epoch=1)
    np.testing.assert_allclose(made, [1, 1, 0.5, 0.5, 0.5, 0.3, 0.3, 0.3])


def test_greater_may_be_better_and_nan_never_is():
    made = falls([1.0, 2.0, 3.0, np.nan, 4.0], mode="max", patience=0, steps_per_epoch=1)
    np.testing.assert_allclose(made, [1, 1, 1, 1, 0.1])


def test_without_a_metric_it_teaches():
    plateau = optim.ReduceLROnPlateau(0.1, steps_per_epoch=1)
    with pytest.raises(TeachingError, match=r"(?s)scheduler\.step\(metric\).*value=loss"):
        plateau.update(jnp.ones(()), plateau.init(None))


def test_a_rate_can_be_set_from_outside():
    optimizer = optax.inject_hyperparams(lambda lr: optim.SGD(lr, momentum=0.9))(lr=0.1)
    state = optimizer.init(jnp.ones(()))
    first, state = optimizer.update(jnp.ones(()), state)
    state.hyperparams["lr"] = jnp.array(1.0)
    second, _ = optimizer.update(jnp.ones(()), state)
    np.testing.assert_allclose([first, second], [-0.1, -1.9], rtol=1e-6)
