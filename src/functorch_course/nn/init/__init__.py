"""The starting values of parameters, as pure functions that return NumPy arrays.

PyTorch's names end in an underscore because they overwrite a tensor; these return a new array.
"""

from .gain import calculate_gain as calculate_gain
from .gain import fan_in_and_fan_out as fan_in_and_fan_out
from .plain import constant as constant
from .plain import normal as normal
from .plain import trunc_normal as trunc_normal
from .plain import uniform as uniform
from .scaled import kaiming_normal as kaiming_normal
from .scaled import kaiming_uniform as kaiming_uniform
from .scaled import xavier_normal as xavier_normal
from .scaled import xavier_uniform as xavier_uniform
from .structured import eye as eye
from .structured import orthogonal as orthogonal
from .structured import sparse as sparse
