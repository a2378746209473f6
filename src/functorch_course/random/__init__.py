"""PyTorch's CPU random stream, in NumPy: the same seed gives the same numbers.

Checked against PyTorch 2.13.0 on x86-64 under Linux, on random seeds, sizes and sequences of calls,
down to the bytes of the generator's state.

* *Equal bit for bit:* the state; :func:`rand`, :func:`randint`, :func:`random_int64`,
  :func:`randperm`, :func:`bernoulli`, :func:`dropout_mask`; :func:`multinomial` but for ties
  between float32 weights.
* *Equal where PyTorch uses fused multiply-add* (processors with AVX2): :func:`uniform`,
  :func:`randn`, :func:`normal`. Without it (``ATEN_CPU_CAPABILITY=default``) PyTorch's own numbers
  differ from these in the last digits, by up to 2.4e-6 for normal numbers.
* *Equal where the C library rounds alike* (glibc): float64 normal numbers, :func:`exponential`.
* *Not reproduced:* the streams of CUDA and other devices, float16 and bfloat16 but for
  :func:`rand`. Other versions of PyTorch, and macOS, Windows and ARM have not been tried.
* *Not PyTorch's:* :class:`IndexShuffle`, a shuffle without memory, and :func:`use_generator`.
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
