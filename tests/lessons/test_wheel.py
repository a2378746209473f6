"""The lessons travel with the package: built into a wheel, unpacked, found and run."""

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from functorch_course.lessons import contents

ROOT = Path(__file__).parents[2]
FIND = """
from functorch_course.lessons import contents, find, run
for lesson in contents():
    print(lesson.number, lesson.path)
print(next(run(find(2)))[0].source.splitlines()[0])
"""


@pytest.mark.slow
def test_a_wheel_brings_its_own_lessons(tmp_path):
    build = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", tmp_path, ROOT]
    subprocess.run(build, check=True)
    (wheel,) = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    here = {"PYTHONPATH": str(tmp_path / "site"), "PATH": ""}
    program = [sys.executable, "-c", FIND]
    run = subprocess.run(
        program, env=here, cwd=tmp_path, capture_output=True, check=True, text=True
    )
    folder = tmp_path / "site" / "functorch_course" / "lessons" / "scripts"
    *found, title = run.stdout.splitlines()
    assert found == [f"{each.number} {folder / each.path.name}" for each in contents()]
    assert title.startswith("# 2. ")


def test_a_checkout_has_them_in_scripts():
    assert {lesson.path.parent for lesson in contents()} == {ROOT / "scripts" / "lessons"}
