"""Numbers on disk: whole files or none, and nothing that JSON cannot read."""

import csv
import json
from pathlib import Path

import pytest

from functorch_course.training import EpochRecord, History, HistoryWriter

RECORDS = [
    EpochRecord(1, 2, 0.75, 0.5, {"accuracy": 0.8}, 2.0, 30.0),
    EpochRecord(2, 2, 0.5, 0.4, {"accuracy": 0.7}, 1.0, 60.0),
]
HISTORY = History(RECORDS, [1.0, 0.5, 0.5, float("nan")])


def test_json_holds_epochs_and_steps(tmp_path):
    HISTORY.to_json(tmp_path / "h.json")
    content = json.loads((tmp_path / "h.json").read_text())
    assert content["steps"] == [1.0, 0.5, 0.5, None]
    assert content["epochs"][1] == {
        "epoch": 2,
        "steps": 2,
        "train_loss": 0.5,
        "validation_loss": 0.4,
        "accuracy": 0.7,
        "seconds": 1.0,
        "samples_per_second": 60.0,
    }


def test_csv_has_one_row_an_epoch(tmp_path):
    HISTORY.to_csv(tmp_path / "h.csv")
    rows = list(csv.DictReader((tmp_path / "h.csv").read_text().splitlines()))
    assert [float(row["accuracy"]) for row in rows] == [0.8, 0.7]


def test_an_empty_history_still_has_its_header(tmp_path):
    History().to_csv(tmp_path / "h.csv")
    assert (tmp_path / "h.csv").read_text().startswith("epoch,steps,train_loss")


def test_the_best_epoch():
    assert HISTORY.best("accuracy") is RECORDS[0]


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "h.json"
    History(step_losses=[1.0]).to_json(path)

    def crash(*_):
        raise OSError("the disk is gone")

    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(OSError, match="the disk is gone"):
        HISTORY.to_json(path)
    assert json.loads(path.read_text())["steps"] == [1.0]


def test_the_writer_keeps_both_files(tmp_path):
    HistoryWriter(tmp_path).on_epoch_end(HISTORY, model=None)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["history.csv", "history.json"]
