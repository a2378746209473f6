"""Text for people to read while a program runs and when it is over: the only place with rich."""

from .lesson import show_code as show_code
from .lesson import show_prose as show_prose
from .training import ProgressBar as ProgressBar
from .training import epoch_table as epoch_table
from .training import show as show
