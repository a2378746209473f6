"""Reference solutions and plausible wrong answers of all exercises."""

from . import differentiation, image_datasets, matrices, overview, simple_dataset, vectors
from .form import Answers as Answers
from .form import file_text as file_text

ANSWERS: dict[str, Answers] = {
    **overview.ANSWERS,
    **vectors.ANSWERS,
    **matrices.ANSWERS,
    **differentiation.ANSWERS,
    **simple_dataset.ANSWERS,
    **image_datasets.ANSWERS,
}
