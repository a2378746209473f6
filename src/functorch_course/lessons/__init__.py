"""The lessons of the course as data: find them, read their cells, run them, make notebooks."""

from .cells import Cell as Cell
from .cells import parse as parse
from .contents import Lesson as Lesson
from .contents import contents as contents
from .contents import find as find
from .errors import UnknownLessonError as UnknownLessonError
from .notebook import notebook as notebook
from .run import Output as Output
from .run import run as run
