"""Images with their targets, from files or shipped with the package: the host wing."""

from .adapters import from_huggingface as from_huggingface
from .adapters import from_tfds as from_tfds
from .array_images import ArrayImages as ArrayImages
from .cifar import CIFAR10 as CIFAR10
from .cifar import CIFAR100 as CIFAR100
from .csv_images import CSVImageDataset as CSVImageDataset
from .embedded import LESSON_IMAGES as LESSON_IMAGES
from .embedded import FashionMNISTSample as FashionMNISTSample
from .emnist import EMNIST as EMNIST
from .errors import MissingFileError as MissingFileError
from .errors import OutsideFolderError as OutsideFolderError
from .fake import FakeData as FakeData
from .folder import ImageFolder as ImageFolder
from .idx import read_idx as read_idx
from .mnist import KMNIST as KMNIST
from .mnist import MNIST as MNIST
from .mnist import FashionMNIST as FashionMNIST
from .overview import Overview as Overview
from .overview import image_grid as image_grid
from .overview import overview as overview
