"""The mark of these tests, also where the course report is not loaded."""

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Register the mark."""
    config.addinivalue_line("markers", "course(*rows): the rows of the course that a test executes")
