"""The table, and the bar that becomes lines where nobody watches."""

import io

from rich.console import Console

from functorch_course.report import ProgressBar, epoch_table, show
from functorch_course.training import EpochRecord, History


def console(terminal):
    return Console(file=io.StringIO(), force_terminal=terminal, width=80)


def run(bar):
    history = History()
    for epoch in (1, 2):
        bar.on_epoch_start(epoch, steps=3)
        for _ in range(3):
            history.step_losses.append(0.25)
            bar.drawn = 0.0  # as if the last drawing were long ago
            bar.on_progress([64], history)
        history.epochs.append(EpochRecord(epoch, 3, 0.25, 0.5, {"accuracy": 0.75}, 1.0, 1234.0))
        bar.on_epoch_end(history, model=None)
    bar.on_fit_end(history)


def test_in_a_file_it_is_one_line_an_epoch():
    out = console(terminal=False)
    run(ProgressBar(2, out))
    line = "loss 0.2500, test loss 0.5000, test accuracy 0.7500, 1,234 samples/s"
    assert out.file.getvalue().splitlines() == [f"epoch 1/2: {line}", f"epoch 2/2: {line}"]


def test_in_a_terminal_it_shows_epoch_steps_loss_and_speed():
    out = console(terminal=True)
    run(ProgressBar(2, out))
    text = out.file.getvalue()
    for part in ("epoch 2/2", "6/6", "loss 0.2500", "samples/s"):
        assert part in text
    assert "test loss" not in text


def test_without_validation_the_table_has_no_test_columns():
    out = console(terminal=False)
    out.print(epoch_table(History([EpochRecord(1, 3, 0.5, None, {}, 1.0, 10.0)])))
    header = out.file.getvalue().splitlines()[0]
    assert header.split() == ["epoch", "train", "loss", "seconds", "samples/s"]


def test_a_narrow_terminal_does_not_fold_the_table(monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "20")
    show(epoch_table(History([EpochRecord(1, 3, 0.5, 0.5, {"accuracy": 0.5}, 1.0, 10.0)])))
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    assert "test accuracy" in lines[0]
