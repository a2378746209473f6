"""Modules, starting values and losses: PyTorch's ``torch.nn`` on Flax NNX."""

from . import init as init
from .cross_entropy import cross_entropy as cross_entropy
from .cross_entropy import nll_loss as nll_loss
from .errors import IndexRangeError as IndexRangeError
from .errors import ShapeMismatchError as ShapeMismatchError
from .errors import StateMismatchError as StateMismatchError
from .labels import check_labels as check_labels
from .linear import Linear as Linear
from .models import LinearRegression as LinearRegression
from .models import LogisticRegression as LogisticRegression
from .models import SoftmaxRegression as SoftmaxRegression
from .module import Module as Module
from .parameter import Parameter as Parameter
from .regression_losses import mse_loss as mse_loss
from .state import load_safetensors as load_safetensors
from .state import load_state_dict as load_state_dict
from .state import named_parameters as named_parameters
from .state import parameters as parameters
from .state import save_safetensors as save_safetensors
from .state import state_dict as state_dict
