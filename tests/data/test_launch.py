"""Starting workers: what they import, and where they are refused."""

import subprocess
import sys
import textwrap

import pytest

from functorch_course.data import DataLoader
from functorch_course.data.launch import main_module
from functorch_course.data.worker_info import importing_main
from samples_for_workers import Pairs


def run(tmp_path, code, *arguments):
    script = tmp_path / "script.py"
    script.write_text(textwrap.dedent(code))
    return subprocess.run(
        [sys.executable, *arguments, str(script)], capture_output=True, text=True, timeout=60
    )


def test_a_script_needs_no_guard_if_its_dataset_comes_from_a_module(tmp_path):
    done = run(
        tmp_path,
        """
        import numpy as np
        from functorch_course.data import DataLoader, TensorDataset
        print("script runs")
        print(sum(len(x) for x, in DataLoader(TensorDataset(np.arange(9)), 2, num_workers=2)))
        """,
    )
    assert (done.stdout, done.stderr) == ("script runs\n9\n", "")


def test_a_dataset_of_the_script_itself_is_found(tmp_path):
    done = run(
        tmp_path,
        """
        from functorch_course.data import DataLoader
        class Squares(list):
            pass
        if __name__ == "__main__":
            print([b.tolist() for b in DataLoader(Squares([1, 4, 9]), 2, num_workers=1)])
        """,
    )
    assert (done.stdout, done.stderr) == ("[[1, 4], [9]]\n", "")


def test_a_missing_guard_is_explained(tmp_path):
    done = run(
        tmp_path,
        """
        from functorch_course.data import DataLoader
        class Squares(list):
            pass
        print(list(DataLoader(Squares([1, 4, 9]), 2, num_workers=1)))
        """,
    )
    assert done.returncode == 1
    assert "put what it does under `if __name__ == '__main__':`" in done.stderr


def test_a_dataset_that_workers_cannot_find_is_explained():
    code = (
        "from functorch_course.data import DataLoader\n"
        "class Squares(list): pass\n"
        "list(DataLoader(Squares([1]), num_workers=1))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert "what is defined in an interactive session" in done.stderr
    assert "worker_type='thread'" in done.stderr


def test_how_the_main_module_is_found(monkeypatch):
    class Main:
        __spec__ = None
        __file__ = "relative/script.py"

    monkeypatch.setitem(sys.modules, "__main__", Main)
    assert main_module()["init_main_from_path"].endswith("/relative/script.py")
    monkeypatch.delattr(Main, "__file__")
    assert main_module() == {}


def test_where_workers_are_refused(monkeypatch):
    loader = DataLoader(Pairs(), num_workers=1)
    with importing_main(), pytest.raises(RuntimeError, match="under `if __name__ == '__main__':`"):
        iter(loader)
    monkeypatch.setattr(sys, "platform", "win32")
    with pytest.raises(RuntimeError, match="write worker_type='thread' on Windows"):
        iter(loader)
