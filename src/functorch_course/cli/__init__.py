"""The command line, ``functorch-course``: each command is a file of its own."""

from .main import main as main
