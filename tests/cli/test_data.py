"""Looking at datasets from the command line."""

import re

import pytest
from PIL import Image

import functorch_course as fc
from functorch_course.cli import main


def test_info_prints_sizes_classes_mean_and_deviation(capsys):
    assert main(["data", "info", "fashion-mnist-sample", "--test"]) == 0
    text = capsys.readouterr().out
    assert text.startswith("fashion-mnist-sample: 1,000 images\n  1,000 of mode L, 28 x 28\n")
    white = fc.datasets.FashionMNISTSample(train=False).data / 255
    assert f"  mean {white.mean():.4f}\n  std  {white.std():.4f}\n" in text
    assert re.search(r"Bag +95\n", text)


@pytest.mark.parametrize("transform", ["augment", "normalize", "none"])
def test_show_draws_samples_before_and_after(transform, tmp_path, capsys):
    out = tmp_path / "grid.png"
    words = ["fashion-mnist-sample", "--count", "8", "--transform", transform, "--out", str(out)]
    assert main(["data", "show", *words]) == 0
    assert capsys.readouterr().out == f"written to {out}: 8 of 6,000 images\n"
    with Image.open(out) as grid:
        assert grid.height > 84 * (1 if transform == "none" else 2)
        assert len(grid.getcolors(2**24)) > 50


def test_a_csv_file_and_a_folder_are_datasets(tmp_path, capsys):
    table = fc.datasets.LESSON_IMAGES / "labels.csv"
    assert main(["data", "info", str(table)]) == 0
    assert "40 images" in capsys.readouterr().out
    for name, level in (("dark", 0), ("light", 255)):
        (tmp_path / name).mkdir()
        Image.new("RGB", (4, 3), (level,) * 3).save(tmp_path / name / "1.png")
    assert main(["data", "info", str(tmp_path)]) == 0
    text = capsys.readouterr().out
    assert "2 of mode RGB, 3 x 4" in text
    assert "mean 0.5000, 0.5000, 0.5000" in text


@pytest.mark.parametrize("words", [["info", "imagenett"], ["show", "mnist", "--root", "absent"]])
def test_what_is_not_there_is_one_message(words, capsys):
    assert main(["data", *words]) == 2
    error = capsys.readouterr().err
    assert error.startswith("functorch-course data: ")
    assert "Traceback" not in error
