"""PyTorch → here: a dictionary, and what rewrites a line or a script by it.

It reads Python by its syntax tree alone: nothing is executed, and neither torch nor jax is loaded.
"""

from .entry import Entry as Entry
from .entry import dictionary as dictionary
from .errors import ScriptError as ScriptError
from .lessons import lesson_of as lesson_of
from .line import Translation as Translation
from .line import translate_line as translate_line
from .parsing import read_source as read_source
from .program import as_program as as_program
from .rewrite import Note as Note
from .script import Script as Script
from .script import translate_script as translate_script
from .show import as_text as as_text
from .walk import Line as Line
