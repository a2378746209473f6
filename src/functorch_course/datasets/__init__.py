"""Images with their targets, from files or shipped with the package: the host wing."""

from .array_images import ArrayImages as ArrayImages
from .csv_images import CSVImageDataset as CSVImageDataset
from .embedded import LESSON_IMAGES as LESSON_IMAGES
from .embedded import FashionMNISTSample as FashionMNISTSample
from .errors import MissingFileError as MissingFileError
from .errors import OutsideFolderError as OutsideFolderError
from .folder import ImageFolder as ImageFolder
from .idx import read_idx as read_idx
from .mnist import MNIST as MNIST
from .mnist import FashionMNIST as FashionMNIST
