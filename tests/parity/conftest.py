"""Every test in this folder compares with PyTorch; without torch the folder is skipped."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lies here, and only that: the hook sees the items of the whole session."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.parity)


def pytest_ignore_collect(collection_path: Path) -> bool | None:
    """Skip the folder where torch is missing, before any file imports it."""
    from importlib.util import find_spec

    is_inside = HERE in collection_path.parents
    return True if is_inside and find_spec("torch") is None else None
