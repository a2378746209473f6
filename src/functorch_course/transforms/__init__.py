"""Transforms of images: PIL images and NumPy arrays, one at a time or a whole batch."""

from . import functional as functional
from .base import Transform as Transform
from .compose import Compose as Compose
from .compose import Lambda as Lambda
from .conversion import ToTensor as ToTensor
from .errors import SampleTypeError as SampleTypeError
from .flatten import Flatten as Flatten
from .normalize import Normalize as Normalize
