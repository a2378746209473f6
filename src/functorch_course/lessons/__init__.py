"""The lessons of the course as data: find them, read their cells, run them, make notebooks."""

from .cells import Cell as Cell
from .cells import parse as parse
from .errors import UnknownLessonError as UnknownLessonError
from .finding import Lesson as Lesson
from .finding import contents as contents
from .finding import find as find
from .notebooks import notebook as notebook
from .running import Output as Output
from .running import run as run
