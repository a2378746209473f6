"""torchvision's transforms, also of a wheel that was built for another torch than the one here."""

import warnings

import torch

LIBRARY = torch.library.Library("torchvision", "FRAGMENT")
for operator in ("nms", "qnms"):  # the wheel of torchvision asks for them, and nothing here does
    if not hasattr(torch.ops.torchvision, operator):
        LIBRARY.define(f"{operator}(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    from torchvision import transforms as transforms
