"""Training: the door between the host wing (data) and the device wing (models)."""

from .callback import Callback as Callback
from .callback import HistoryWriter as HistoryWriter
from .evaluate import Evaluation as Evaluation
from .evaluate import evaluate as evaluate
from .evaluate import predict as predict
from .fit import FitResult as FitResult
from .fit import fit as fit
from .history import EpochRecord as EpochRecord
from .history import History as History
from .metrics import accuracy as accuracy
from .metrics import confusion_matrix as confusion_matrix
from .step import Functional as Functional
from .step import State as State
from .step import as_function as as_function
from .step import make_step as make_step
from .step import update as update
from .step import with_parameters as with_parameters
