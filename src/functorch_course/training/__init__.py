"""Training: the door between the host wing (data) and the device wing (models)."""

from .callback import Callback as Callback
from .callback import HistoryWriter as HistoryWriter
from .checkpoint import Checkpoints as Checkpoints
from .engine import make_engine as make_engine
from .errors import CheckpointMismatchError as CheckpointMismatchError
from .evaluate import Evaluation as Evaluation
from .evaluate import evaluate as evaluate
from .evaluate import predict as predict
from .fit import FitResult as FitResult
from .fit import fit as fit
from .gradient import clip_gradient_norm as clip_gradient_norm
from .history import EpochRecord as EpochRecord
from .history import History as History
from .losses import EpochLosses as EpochLosses
from .metrics import accuracy as accuracy
from .metrics import confusion_matrix as confusion_matrix
from .program import Functional as Functional
from .program import Program as Program
from .program import as_program as as_program
from .program import with_arrays as with_arrays
from .step import State as State
from .step import make_step as make_step
from .step import start as start
from .step import update as update
from .stopping import EarlyStopping as EarlyStopping
from .stopping import KeepBest as KeepBest
