"""The main job as a person runs it: real processes, real files, and every way to get it wrong."""

import csv
import gzip
import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

import functorch_course as fc
from functorch_course.cli import main

SAMPLE = ["train", "--dataset", "fashion-mnist-sample"]
PROGRAM = [sys.executable, "-m", "functorch_course.cli"]
PICTURES = ["confusion.png", "loss.png", "misclassified.png", "weights.png"]
FILES = sorted([*PICTURES, "history.csv", "history.json", "model.safetensors", "settings.json"])


def rows(folder: Path) -> list[dict[str, str]]:
    return list(csv.DictReader((folder / "history.csv").read_text().splitlines()))


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A run of two epochs in a process of its own: where it ran, and what it said."""
    place = tmp_path_factory.mktemp("finished")
    command = [*PROGRAM, *SAMPLE, "--epochs", "2", "--name", "first", "--seed", "5"]
    return place, subprocess.run(command, cwd=place, capture_output=True, text=True, check=True)


def test_it_writes_what_one_would_show_a_colleague(finished):
    place, _ = finished
    folder = place / "runs" / "first"
    assert sorted(path.name for path in folder.iterdir()) == FILES
    for name in PICTURES:
        with Image.open(folder / name) as picture:
            assert min(picture.size) > 300
            assert len(set(picture.convert("RGB").resize((64, 64)).tobytes())) > 20


def test_it_ends_with_a_table(finished):
    place, run = finished
    titles = ["epoch", "train loss", "test loss", "test accuracy", "seconds", "samples/s"]
    header, _, first, second, *_ = run.stdout.splitlines()
    assert re.split(r"\s{2,}", header.strip()) == titles
    assert first.split()[0] == "1"
    values = second.split()
    assert values[0] == "2"
    assert values[3] == f"{float(rows(place / 'runs' / 'first')[1]['accuracy']):.4f}"


def test_it_tells_each_epoch_where_nobody_watches_a_bar(finished):
    _, run = finished
    lines = [line for line in run.stderr.splitlines() if line.startswith("epoch ")]
    assert [line.split(":")[0] for line in lines] == ["epoch 1/2", "epoch 2/2"]


def test_the_settings_are_enough_to_run_it_again(finished, tmp_path):
    place, _ = finished
    settings = json.loads((place / "runs" / "first" / "settings.json").read_text())
    assert settings["training_samples"] == 6000
    assert settings["versions"]["jax"]
    names = ["dataset", "learning-rate", "momentum", "batch-size", "epochs", "seed"]
    again = [f"--{name}={settings[name.replace('-', '_')]}" for name in names]
    assert main(["train", *again, "--runs", str(tmp_path)]) == 0
    (folder,) = tmp_path.iterdir()
    first, second = (
        [(row["train_loss"], row["accuracy"]) for row in rows(where)]
        for where in (place / "runs" / "first", folder)
    )
    assert first == second


def test_the_parameters_can_be_loaded(finished):
    place, _ = finished
    model = fc.nn.SoftmaxRegression(784, 10)
    fc.nn.load_state_dict(
        model, fc.nn.load_safetensors(place / "runs" / "first" / "model.safetensors")
    )
    transform = fc.transforms.Compose(
        [
            fc.transforms.ToTensor(),
            fc.transforms.Normalize((0.2860,), (0.3530,)),
            fc.transforms.Flatten(),
        ]
    )
    test = fc.data.DataLoader(fc.datasets.FashionMNISTSample(False, transform), 100)
    accuracy = {"accuracy": fc.training.accuracy}
    measured = fc.training.evaluate(model, test, fc.nn.cross_entropy, accuracy)
    last = rows(place / "runs" / "first")[-1]
    assert measured.metrics["accuracy"] == pytest.approx(float(last["accuracy"]), abs=1e-6)


def test_a_run_is_never_written_over(finished, monkeypatch, capsys):
    place, _ = finished
    monkeypatch.chdir(place)
    before = (place / "runs" / "first" / "history.json").read_bytes()
    assert main([*SAMPLE, "--name", "first"]) == 2
    assert "runs/first exists already: write another --name" in capsys.readouterr().err
    assert (place / "runs" / "first" / "history.json").read_bytes() == before


def test_runs_without_a_name_are_numbered(tmp_path, capsys):
    command = [*SAMPLE, "--epochs", "1", "--batch-size", "1000", "--runs", str(tmp_path)]
    assert main(command) == main(command) == 0
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["softmax-fashion-mnist-sample-1", "softmax-fashion-mnist-sample-2"]


def one_line(capsys) -> str:
    """What went to standard error, which must be a single line."""
    (line,) = capsys.readouterr().err.splitlines()
    return line


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--dataset", "imagenet", "invalid choice: 'imagenet' (choose from .*fashion-mnist"),
        ("--batch-size", "-1", "--batch-size: '-1' came: write a whole number, not negative"),
        ("--batch-size", "0", "--batch-size: 0 came: write a whole number of at least 1"),
        ("--epochs", "ten", "--epochs: 'ten' came: write a whole number"),
        ("--learning-rate", "nan", "'nan' came: write a finite number, not negative"),
        ("--learning-rate", "0", "0 came: write a number above 0"),
        ("--momentum", "1", "1 came: write a number of at least 0, below 1"),
        ("--weight-decay", "-0.1", "'-0.1' came: write a finite number, not negative"),
        ("--seed", str(2**64), "came: write a whole number of 64 bits"),
        ("--name", "../up", "'../up' came: write letters, digits"),
        ("--optimizer", "magic", "invalid choice: 'magic' (choose from"),
        ("--device", "tpu", "invalid choice: 'tpu' (choose from"),
    ],
)
def test_a_wrong_option_is_one_line_and_exit_code_2(option, value, message, capsys):
    with pytest.raises(SystemExit) as exit_:
        main(["train", f"{option}={value}"])
    assert exit_.value.code == 2
    pattern = re.escape(message).replace(r"\.\*", ".*")
    assert re.search(pattern, one_line(capsys))


def test_other_models_and_optimizers(tmp_path):
    command = [*SAMPLE, "--epochs", "2", "--runs", str(tmp_path), "--name"]
    assert main([*command, "mlp", "--model", "mlp", "--hidden", "32", "16"]) == 0
    assert main([*command, "adam", "--optimizer", "adam"]) == 0
    assert "weights.png" not in {path.name for path in (tmp_path / "mlp").iterdir()}
    arrays = fc.nn.load_safetensors(tmp_path / "mlp" / "model.safetensors")
    shapes = [arrays[f"{place}.weight"].shape for place in (0, 2, 4)]
    assert shapes == [(32, 784), (16, 32), (10, 16)]
    settings = json.loads((tmp_path / "adam" / "settings.json").read_text())
    assert (settings["learning_rate"], settings["momentum"]) == (0.001, None)
    assert all(float(rows(tmp_path / name)[-1]["accuracy"]) > 0.6 for name in ("mlp", "adam"))


def test_momentum_is_refused_where_it_means_nothing(tmp_path, capsys):
    command = [*SAMPLE, "--optimizer", "adam", "--momentum", "0.5", "--runs", str(tmp_path)]
    assert main(command) == 2
    assert "--momentum 0.5 came, but adam has its own" in one_line(capsys)


def test_a_missing_root_is_named(tmp_path, capsys):
    assert main(["train", "--root", str(tmp_path / "absent"), "--runs", str(tmp_path)]) == 2
    assert "absent is no folder: make it, or leave --root away" in one_line(capsys)
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_is_named_and_not_replaced(tmp_path, capsys):
    damaged = tmp_path / "FashionMNIST" / "raw" / "train-images-idx3-ubyte.gz"
    damaged.parent.mkdir(parents=True)
    sample = Path(fc.datasets.__file__).parent / "sample" / damaged.name
    content = bytearray(gzip.decompress(sample.read_bytes()))
    content[1000] ^= 1
    damaged.write_bytes(gzip.compress(content))
    before = damaged.read_bytes()
    assert main(["train", "--root", str(tmp_path), "--runs", str(tmp_path / "runs")]) == 2
    assert str(damaged) in one_line(capsys)
    assert damaged.read_bytes() == before
    assert not (tmp_path / "runs").exists()


def test_without_the_full_set_the_sample_is_used_and_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr(fc.datasets.FashionMNIST, "system_folder", None)
    monkeypatch.setattr(fc.datasets.FashionMNIST, "mirrors", ("http://127.0.0.1:9/",))
    options = ["--epochs", "1", "--batch-size", "1000", "--name", "x"]
    assert main(["train", "--root", str(tmp_path), "--runs", str(tmp_path), *options]) == 0
    said = [line for line in capsys.readouterr().err.splitlines() if not line.startswith("epoch")]
    assert len(said) == 1
    assert "could not be downloaded" in said[0]
    assert "using the sample that comes with the package" in said[0]
    settings = json.loads((tmp_path / "x" / "settings.json").read_text())
    assert (settings["dataset"], settings["training_samples"]) == ("fashion-mnist-sample", 6000)


def test_a_learning_rate_that_gives_nan_is_named_and_the_history_is_kept(tmp_path, capsys):
    command = [*SAMPLE, "--learning-rate", "1e38", "--runs", str(tmp_path), "--name", "nan"]
    assert main(command) == 1
    assert "--learning-rate was 1e+38" in one_line(capsys)
    content = json.loads((tmp_path / "nan" / "history.json").read_text())
    assert np.isfinite(content["steps"][0])
    assert content["steps"][-1] is None


def test_debug_shows_the_traceback(tmp_path):
    with pytest.raises(fc.errors.DatasetNotFoundError):
        main(["train", "--root", str(tmp_path / "absent"), "--debug"])


def test_ctrl_c_ends_at_once_with_the_history_so_far(tmp_path):
    command = [*PROGRAM, *SAMPLE, "--epochs", "100000", "--name", "stopped"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr.readline().startswith("epoch 1/100000")
        process.send_signal(signal.SIGINT)
        _, last = process.communicate(timeout=60)
    assert process.returncode == 130
    assert last.splitlines()[-1] == "functorch-course: interrupted"
    assert "Traceback" not in last
    folder = tmp_path / "runs" / "stopped"
    content = json.loads((folder / "history.json").read_text())
    assert len(content["epochs"]) == len(rows(folder)) >= 1
    assert len(content["steps"]) >= sum(epoch["steps"] for epoch in content["epochs"])
