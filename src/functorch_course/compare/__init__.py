"""The same work done by PyTorch, and the report of the difference: the only place for torch."""

from .comparison import Check as Check
from .comparison import Comparison as Comparison
from .comparison import Timing as Timing
from .comparison import traces as traces
from .distance import Distance as Distance
from .distance import ulps as ulps
from .errors import MissingPackageError as MissingPackageError
from .errors import UnequalStructureError as UnequalStructureError
from .function import function as function
from .loader import LoaderReport as LoaderReport
from .loader import loader as loader
from .module import module as module
from .parting import Parting as Parting
from .parts import Part as Part
from .parts import Report as Report
from .recipes import RECIPES as RECIPES
from .recipes import Recipe as Recipe
from .record import record as record
from .record import record_torch as record_torch
from .tolerance import Tolerance as Tolerance
from .trace import Trace as Trace
from .trace import load_trace as load_trace
from .training import training as training
