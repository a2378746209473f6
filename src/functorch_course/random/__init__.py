"""PyTorch's CPU random stream, in NumPy: the same seed gives the same numbers.

Checked against PyTorch 2.13.0 on x86-64.
"""

from .bernoulli import bernoulli as bernoulli
from .bernoulli import dropout_mask as dropout_mask
from .current import current_generator as current_generator
from .current import default_generator as default_generator
from .current import get_rng_state as get_rng_state
from .current import initial_seed as initial_seed
from .current import manual_seed as manual_seed
from .current import seed as seed
from .current import set_rng_state as set_rng_state
from .current import use_generator as use_generator
from .errors import RandomError as RandomError
from .errors import RandomTypeError as RandomTypeError
from .errors import UnsupportedDtypeError as UnsupportedDtypeError
from .exponential import exponential as exponential
from .generator import Generator as Generator
from .integers import randint as randint
from .integers import random_int64 as random_int64
from .multinomial import multinomial as multinomial
from .normal import normal as normal
from .normal import randn as randn
from .permutation import randperm as randperm
from .shuffle import IndexShuffle as IndexShuffle
from .uniform import rand as rand
from .uniform import uniform as uniform
from .workers import numpy_worker_seed as numpy_worker_seed
