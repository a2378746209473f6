"""Images with their targets, from files or shipped with the package: the host wing."""

from .array_images import ArrayImages as ArrayImages
from .embedded import FashionMNISTSample as FashionMNISTSample
from .idx import read_idx as read_idx
from .mnist import MNIST as MNIST
from .mnist import FashionMNIST as FashionMNIST
