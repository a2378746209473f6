from . import augment as augment
from . import autograd as autograd
from . import compare as compare
from . import data as data
from . import datasets as datasets
from . import device as device
from . import errors as errors
from . import exercises as exercises
from . import graph as graph
from . import lessons as lessons
from . import nn as nn
from . import optim as optim
from . import plot as plot
from . import random as random
from . import report as report
from . import tensor as tensor
from . import training as training
from . import transforms as transforms
from . import translate as translate
from .random import Generator as Generator
from .random import manual_seed as manual_seed

__version__: str
