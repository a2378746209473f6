"""The exercises of the course: a stub to complete, hints, and a grader that explains."""

from .catalogue import EXERCISES as EXERCISES
from .catalogue import find as find
from .errors import ExerciseFileError as ExerciseFileError
from .errors import GraderError as GraderError
from .exercise import Check as Check
from .exercise import Exercise as Exercise
from .finding import Finding as Finding
from .grade import Verdict as Verdict
from .grade import grade as grade
from .process import check_file as check_file
from .report import hint_text as hint_text
from .report import list_table as list_table
from .report import show as show
from .report import summary as summary
from .report import verdict_page as verdict_page
from .workbook import answers as answers
from .workbook import digest as digest
from .workbook import remember as remember
from .workbook import start as start
from .workbook import states as states
