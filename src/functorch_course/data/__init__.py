"""Datasets, samplers and loaders in PyTorch's words and PyTorch's order, to NumPy batches."""

from .collate import collate as collate
from .collate import default_collate as default_collate
from .collate import default_collate_fn_map as default_collate_fn_map
from .collate import default_convert as default_convert
from .dataset import ChainDataset as ChainDataset
from .dataset import ConcatDataset as ConcatDataset
from .dataset import Dataset as Dataset
from .dataset import IterableDataset as IterableDataset
from .distributed import DistributedSampler as DistributedSampler
from .fetch import Padded as Padded
from .index_shuffle import IndexShuffleSampler as IndexShuffleSampler
from .loader import DataLoader as DataLoader
from .sampler import BatchSampler as BatchSampler
from .sampler import RandomSampler as RandomSampler
from .sampler import Sampler as Sampler
from .sampler import SequentialSampler as SequentialSampler
from .sampler import SubsetRandomSampler as SubsetRandomSampler
from .stack import StackDataset as StackDataset
from .subset import Subset as Subset
from .subset import random_split as random_split
from .tensor_dataset import TensorDataset as TensorDataset
from .weighted import WeightedRandomSampler as WeightedRandomSampler
from .worker_info import WorkerInfo as WorkerInfo
from .worker_info import get_worker_info as get_worker_info
