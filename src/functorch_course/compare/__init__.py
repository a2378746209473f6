"""The same work done by PyTorch, and the report of the difference: the only place for torch."""

from .distance import Distance as Distance
from .distance import ulps as ulps
from .errors import MissingPackageError as MissingPackageError
from .errors import UnequalStructureError as UnequalStructureError
from .function import function as function
from .parts import Part as Part
from .parts import Report as Report
from .tolerance import Tolerance as Tolerance
