"""The recipes: each one training program, written for this library and for plain PyTorch."""

from .csv_images import CSV
from .images import ADAM, ADAMW, DROPOUT, MOMENTUM, SOFTMAX
from .linear import LINE, LOGISTIC, PLANE
from .recipe import Here as Here
from .recipe import Recipe as Recipe
from .recipe import Settings as Settings
from .recipe import There as There

ALL = (LINE, PLANE, LOGISTIC, SOFTMAX, DROPOUT, MOMENTUM, ADAM, ADAMW, CSV)
RECIPES = {recipe.name: recipe for recipe in ALL}
"""Every recipe by its name."""
