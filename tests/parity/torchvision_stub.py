"""torchvision beside a torch without its compiled operators.

The wheel of torchvision looks for two operators of its binary extension at import. The transforms
and the datasets never call them, so declaring them is enough. Import this before torchvision.
"""

import warnings

import pytest

torch = pytest.importorskip("torch")
LIBRARY = torch.library.Library("torchvision", "FRAGMENT")

for name in ("nms", "qnms"):
    if not hasattr(torch.ops.torchvision, name):
        LIBRARY.define(f"{name}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    torchvision = pytest.importorskip("torchvision")
