"""Transforms of images as pure functions: every random number is an argument.

On arrays they use only what NumPy and ``jax.numpy`` have in common, so they also work under
``jax.jit`` and ``jax.vmap``.
"""

from .blur import gaussian_blur as gaussian_blur
from .color import adjust_brightness as adjust_brightness
from .color import adjust_contrast as adjust_contrast
from .color import adjust_hue as adjust_hue
from .color import adjust_saturation as adjust_saturation
from .color import rgb_to_grayscale as rgb_to_grayscale
from .erase import erase as erase
from .geometry import center_crop as center_crop
from .geometry import crop as crop
from .geometry import five_crop as five_crop
from .geometry import hflip as hflip
from .geometry import pad as pad
from .geometry import vflip as vflip
from .resize import InterpolationMode as InterpolationMode
from .resize import resize as resize
from .resize import resized_crop as resized_crop
from .resize_crop import resize_center_crop as resize_center_crop
from .scale import convert_image_dtype as convert_image_dtype
from .scale import normalize as normalize
from .tones import autocontrast as autocontrast
from .tones import equalize as equalize
from .tones import invert as invert
from .tones import posterize as posterize
from .tones import solarize as solarize
from .warp import affine as affine
from .warp import perspective as perspective
from .warp import rotate as rotate
