"""The graph of a computation, forward and backward: printed, drawn, and PyTorch's by name."""

from .build import graph as graph
from .drawn import Graph as Graph
from .nodes import Edge as Edge
from .nodes import Node as Node
