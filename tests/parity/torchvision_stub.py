"""torchvision beside a torch without its compiled operators.

The wheel of torchvision looks for two operators of its binary extension at import. The transforms
and the datasets never call them, so declaring them is enough. Import this before torchvision.
"""

import warnings

import pytest
import torch

NMS = "nms(Tensor dets, Tensor scores, float iou_threshold) -> Tensor"
LIBRARY = torch.library.Library("torchvision", "DEF")

for name in ("nms", "qnms"):
    if not hasattr(torch.ops.torchvision, name):
        LIBRARY.define(name + NMS.removeprefix("nms"))

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    torchvision = pytest.importorskip("torchvision")
