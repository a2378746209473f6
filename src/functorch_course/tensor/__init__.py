"""PyTorch's tensor vocabulary, as functions on immutable ``jax.Array`` values."""

from .arithmetic import add as add
from .arithmetic import dot as dot
from .arithmetic import linear as linear
from .arithmetic import matmul as matmul
from .arithmetic import mm as mm
from .arithmetic import mul as mul
from .creation import arange as arange
from .creation import eye as eye
from .creation import full as full
from .creation import full_like as full_like
from .creation import linspace as linspace
from .creation import ones as ones
from .creation import ones_like as ones_like
from .creation import tensor as tensor
from .creation import zeros as zeros
from .creation import zeros_like as zeros_like
from .dtypes import cast as cast
from .dtypes import enable_x64 as enable_x64
from .expectations import check_same_shape as check_same_shape
from .expectations import shapes as shapes
from .indexing import assign as assign
from .indexing import index as index
from .indexing import index_select as index_select
from .indexing import take as take
from .numpy_bridge import from_numpy as from_numpy
from .numpy_bridge import to_numpy as to_numpy
from .reductions import max as max  # noqa: A004
from .reductions import mean as mean
from .reductions import median as median
from .reductions import min as min  # noqa: A004
from .reductions import norm as norm
from .reductions import prod as prod
from .reductions import std as std
from .reductions import sum as sum  # noqa: A004
from .reductions import var as var
from .shape import cat as cat
from .shape import expand as expand
from .shape import ndimension as ndimension
from .shape import numel as numel
from .shape import permute as permute
from .shape import reshape as reshape
from .shape import size as size
from .shape import squeeze as squeeze
from .shape import stack as stack
from .shape import transpose as transpose
from .shape import unsqueeze as unsqueeze
from .shape import view as view
from .universal import abs as abs  # noqa: A004
from .universal import cos as cos
from .universal import exp as exp
from .universal import log as log
from .universal import relu as relu
from .universal import sigmoid as sigmoid
from .universal import sin as sin
from .universal import sqrt as sqrt
from .universal import tanh as tanh
from .values import item as item
from .values import tolist as tolist
