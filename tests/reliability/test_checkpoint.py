"""Runs that are killed, files that are damaged, folders of other models."""

import functools
import random
import shutil
import subprocess
import sys
import zlib
from pathlib import Path

import jax.numpy as jnp
import numpy as np
import optax
import pytest

from functorch_course.errors import DamagedFileError, InvalidValueError
from functorch_course.training import (
    CheckpointMismatchError,
    Checkpoints,
    EarlyStopping,
    Functional,
    fit,
)
from reliability import checkpoint_run
from reliability.checkpoint_run import outcome, train

LINES_AN_EPOCH = {"step": checkpoint_run.BATCHES + 2, "epoch": 4}


def same(one, other):
    assert one.keys() == other.keys()
    for name, values in one.items():
        assert values.dtype == other[name].dtype, name
        assert values.tobytes() == other[name].tobytes(), name


def squared(outputs, targets):
    return ((outputs - targets) ** 2).mean()


def slope(start=0.0):
    return Functional(lambda p, x: p["w"] * x, {"w": jnp.array(start)})


ONES = [(np.ones(2, np.float32), np.ones(2, np.float32))]


def run(folder, epochs=1, model=None, optimizer=None, resume="auto", **settings):
    return fit(
        model or slope(),
        ONES,
        squared,
        optimizer or optax.sgd(0.1, momentum=0.5),
        epochs,
        checkpoints=Checkpoints(folder),
        resume=resume,
        **settings,
    )


@functools.cache
def undisturbed(engine):
    """What a run gives that nobody kills."""
    return outcome(*train(None, engine))


def killed_at(folder, engine, line):
    """Start the run, or go on with it, and kill it as it prints a line; say whether it ended."""
    words = [sys.executable, checkpoint_run.__file__, folder, engine]
    with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as process:
        for number, text in enumerate(process.stdout, 1):
            if text == "done\n" or number == line:
                break
        else:
            pytest.fail("the run ended by itself before it was done")
        if text != "done\n":
            process.kill()
    return text == "done\n"


def check_kills(tmp_path, engine, kills, seed):
    expected = undisturbed(engine)
    chance = random.Random(seed)
    ended = False
    for _ in range(kills):
        line = chance.randint(1, LINES_AN_EPOCH[engine] * 3 // 2)
        ended = killed_at(tmp_path, engine, line)
        if ended:
            with np.load(tmp_path / "outcome.npz") as found:
                same(dict(found), expected)
            shutil.rmtree(tmp_path / "checkpoints")
    assert ended or killed_at(tmp_path, engine, line=10**6)
    with np.load(tmp_path / "outcome.npz") as found:
        same(dict(found), expected)


@pytest.mark.parametrize("engine", [pytest.param("step", marks=pytest.mark.slow), "epoch"])
def test_a_run_killed_once_ends_with_the_same_bits(tmp_path, engine):
    check_kills(tmp_path, engine, kills=1, seed=5)


@pytest.mark.slow
@pytest.mark.parametrize("engine", ["step", "epoch"])
def test_a_run_killed_at_twenty_random_moments_ends_with_the_same_bits(tmp_path, engine):
    check_kills(tmp_path, engine, kills=20, seed=zlib.crc32(engine.encode()))


@pytest.mark.parametrize("engine", ["step", "epoch"])
def test_a_run_of_fewer_epochs_can_be_gone_on_with(tmp_path, engine):
    train(tmp_path, engine, "auto", epochs=2)
    last = train(tmp_path, engine, "auto")
    same(outcome(*last), undisturbed(engine))


def test_only_the_newest_are_kept(tmp_path):
    fit(slope(), ONES, squared, optax.sgd(0.1), 5, checkpoints=Checkpoints(tmp_path, keep=2))
    assert Checkpoints(tmp_path).epochs() == [4, 5]


def damage(path):
    """Change one byte in the middle of every file of a checkpoint that is not empty."""
    for file in path.rglob("*"):
        if file.is_file() and file.stat().st_size:
            content = bytearray(file.read_bytes())
            content[len(content) // 2] ^= 0x55
            file.write_bytes(content)


def cut_short(path):
    for file in path.rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


def remove_arrays(path):
    shutil.rmtree(path / "arrays")


@pytest.mark.parametrize("harm", [damage, cut_short, remove_arrays])
def test_a_damaged_newest_falls_back_to_the_one_before(tmp_path, harm):
    expected = run(tmp_path / "whole", epochs=4)
    run(tmp_path / "harmed", epochs=3)
    harm(tmp_path / "harmed" / "3")
    with pytest.warns(UserWarning, match="the checkpoint of epoch 3 in .*harmed is damaged"):
        found = run(tmp_path / "harmed", epochs=4)
    assert found.history.step_losses == expected.history.step_losses
    assert found.model.parameters["w"] == expected.model.parameters["w"]
    assert Checkpoints(tmp_path / "harmed").epochs() == [2, 3, 4]


def test_a_changed_number_is_noticed_though_the_files_can_be_read(tmp_path, monkeypatch):
    run(tmp_path, epochs=2)
    monkeypatch.setattr("functorch_course.training.checkpoint._checksum", lambda arrays: 0)
    with (
        pytest.warns(UserWarning, match="its arrays have changed since they were written"),
        pytest.raises(DamagedFileError, match=r"are damaged, of epochs \[1, 2\]: begin again"),
    ):
        run(tmp_path, epochs=3)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"model": slope(np.zeros(2, np.float32))},
            r"parameters.w was float32\(\), and is float32\(2,\)",
        ),
        ({"optimizer": optax.adam(0.1)}, r"optimizer.0.mu.w was not there, and is float32"),
        ({"clip": 1.0}, "clip was None, and is 1.0"),
    ],
)
def test_a_checkpoint_of_another_run_is_refused(tmp_path, change, message):
    run(tmp_path)
    with pytest.raises(CheckpointMismatchError, match=message):
        run(tmp_path, epochs=2, **change)


def test_two_runs_are_not_mixed_in_one_folder(tmp_path):
    run(tmp_path)
    with pytest.raises(InvalidValueError, match=r'epochs \[1\]: write resume="auto" to go on'):
        run(tmp_path, resume=None)


def test_resuming_needs_a_place(tmp_path):
    with pytest.raises(InvalidValueError, match=r"resume='auto': write checkpoints=Checkpoints"):
        fit(slope(), ONES, squared, optax.sgd(0.1), 1, resume="auto")
    with pytest.raises(InvalidValueError, match="resume='always' is unknown"):
        run(tmp_path, resume="always")
    with pytest.raises(InvalidValueError, match="keep=0: write a number of checkpoints"):
        Checkpoints(tmp_path, keep=0)


def test_a_run_that_a_callback_ended_stays_ended(tmp_path):
    stop = [EarlyStopping(patience=1)]
    diverging = {"optimizer": optax.sgd(1.5), "model": slope(0.9), "validation": ONES}
    first = run(tmp_path, epochs=9, callbacks=stop, **diverging)
    again = run(tmp_path, epochs=9, callbacks=[EarlyStopping(patience=1)], **diverging)
    assert len(first.history.epochs) == len(again.history.epochs) == 2
    assert again.model.parameters["w"] == first.model.parameters["w"]


def test_nothing_is_pickled(tmp_path):
    run(tmp_path)
    for file in Path(tmp_path).rglob("*"):
        if file.is_file():
            assert not file.read_bytes().startswith(b"\x80"), file


def test_training_loads_orbax_only_where_it_is_used():
    code = "import functorch_course.training, sys; print('orbax' in str(list(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert answer.stdout == "False\n"
