"""PyTorch's optimizers and schedules as Optax gradient transformations."""

from .adam import Adam as Adam
from .adam import AdamW as AdamW
from .adaptive import Adadelta as Adadelta
from .adaptive import Adagrad as Adagrad
from .adaptive import RMSprop as RMSprop
from .groups import freeze as freeze
from .groups import parameter_groups as parameter_groups
from .lbfgs import LBFGS as LBFGS
from .plateau import ReduceLROnPlateau as ReduceLROnPlateau
from .schedules import CosineAnnealingLR as CosineAnnealingLR
from .schedules import ExponentialLR as ExponentialLR
from .schedules import LinearLR as LinearLR
from .schedules import MultiStepLR as MultiStepLR
from .schedules import OneCycleLR as OneCycleLR
from .schedules import StepLR as StepLR
from .sgd import SGD as SGD
