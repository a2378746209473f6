"""Random transforms of images on the device: pure functions of a jax key, for jit and vmap."""

from .crop import random_crop as random_crop
from .crop import random_resized_crop as random_resized_crop
from .erasing import random_erasing as random_erasing
from .flip import random_horizontal_flip as random_horizontal_flip
from .flip import random_vertical_flip as random_vertical_flip
from .module import Augment as Augment
