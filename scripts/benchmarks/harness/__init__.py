"""What every benchmark does alike: taking turns, ratios and their spread, bars, and reports."""

from .machine import describe as describe
from .measure import Run as Run
from .measure import in_new_processes as in_new_processes
from .measure import process as process
from .measure import rate as rate
from .measure import repeated as repeated
from .measure import seconds as seconds
from .measure import take_turns as take_turns
from .part import Limit as Limit
from .part import Pair as Pair
from .part import Part as Part
from .part import Ratio as Ratio
from .peers import installed as installed
from .report import Group as Group
from .report import Report as Report
from .report import text as text
from .script import Parts as Parts
from .script import main as main
from .script import run as run
