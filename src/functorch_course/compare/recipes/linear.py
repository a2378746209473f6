"""Linear regression: the course's line y = -3x + 1, and a plane, both with noise."""

from collections import OrderedDict
from typing import TYPE_CHECKING

import numpy as np

import functorch_course as fc
from functorch_course.compare.packages import require

from .recipe import Here, Recipe, Settings, There

if TYPE_CHECKING:
    import torch


def _line_here(settings: Settings) -> Here:
    """The line here."""
    model = fc.nn.LinearRegression(1, 1, dtype=settings.dtype)
    x = np.arange(60, dtype=np.float32)[:, None] * np.float32(0.1) - np.float32(3)
    y = np.float32(-3) * x + np.float32(1) + np.float32(0.1) * fc.random.randn(60, 1)
    data = fc.data.TensorDataset(x, y)
    return Here(
        model,
        fc.data.DataLoader(data, batch_size=10, shuffle=True),
        fc.data.DataLoader(data, batch_size=60),
        fc.nn.mse_loss,
        fc.optim.SGD(lr=0.05),
    )


def _line_there(settings: Settings) -> There:
    """The line in PyTorch."""
    torch = require("torch")
    model = linear_module(1, 1, settings)
    x = torch.arange(60)[:, None] * 0.1 - 3
    y = -3 * x + 1 + 0.1 * torch.randn(60, 1)
    data = torch.utils.data.TensorDataset(x, y)
    return There(
        model,
        torch.utils.data.DataLoader(data, batch_size=10, shuffle=True),
        torch.utils.data.DataLoader(data, batch_size=60),
        torch.nn.MSELoss(),
        torch.optim.SGD(model.parameters(), lr=0.05),
    )


def _plane_here(settings: Settings) -> Here:
    """The plane here."""
    model = fc.nn.LinearRegression(2, 1, dtype=settings.dtype)
    x = fc.random.randn(200, 2)
    y = np.float32(2) * x[:, :1] - np.float32(3) * x[:, 1:] + np.float32(1)
    y = y + np.float32(0.2) * fc.random.randn(200, 1)
    data = fc.data.TensorDataset(x, y)
    return Here(
        model,
        fc.data.DataLoader(data, batch_size=20, shuffle=True),
        fc.data.DataLoader(data, batch_size=200),
        fc.nn.mse_loss,
        fc.optim.SGD(lr=0.05, momentum=0.5),
    )


def _plane_there(settings: Settings) -> There:
    """The plane in PyTorch."""
    torch = require("torch")
    model = linear_module(2, 1, settings)
    x = torch.randn(200, 2)
    y = 2 * x[:, :1] - 3 * x[:, 1:] + 1
    y = y + 0.2 * torch.randn(200, 1)
    data = torch.utils.data.TensorDataset(x, y)
    return There(
        model,
        torch.utils.data.DataLoader(data, batch_size=20, shuffle=True),
        torch.utils.data.DataLoader(data, batch_size=200),
        torch.nn.MSELoss(),
        torch.optim.SGD(model.parameters(), lr=0.05, momentum=0.5),
    )


def _logistic_here(settings: Settings) -> Here:
    """Logistic regression here."""
    model = fc.nn.LogisticRegression(2, dtype=settings.dtype)
    x = fc.random.randn(400, 2)
    noisy = x[:, :1] + x[:, 1:] + np.float32(0.5) * fc.random.randn(400, 1)
    data = fc.data.TensorDataset(x, (noisy > 0).astype(np.float32))
    return Here(
        model,
        fc.data.DataLoader(data, batch_size=20, shuffle=True),
        fc.data.DataLoader(data, batch_size=400),
        fc.nn.binary_cross_entropy_with_logits,
        fc.optim.SGD(lr=0.5),
    )


def _logistic_there(settings: Settings) -> There:
    """Logistic regression in PyTorch."""
    torch = require("torch")
    model = linear_module(2, 1, settings)
    x = torch.randn(400, 2)
    noisy = x[:, :1] + x[:, 1:] + 0.5 * torch.randn(400, 1)
    data = torch.utils.data.TensorDataset(x, (noisy > 0).float())
    return There(
        model,
        torch.utils.data.DataLoader(data, batch_size=20, shuffle=True),
        torch.utils.data.DataLoader(data, batch_size=400),
        torch.nn.BCEWithLogitsLoss(),
        torch.optim.SGD(model.parameters(), lr=0.5),
    )


def linear_module(in_features: int, out_features: int, settings: Settings) -> "torch.nn.Sequential":
    """Return PyTorch's module for a linear model, whose parameters are named as ours."""
    nn, dtype = require("torch").nn, getattr(require("torch"), settings.dtype)
    layer = nn.Linear(in_features, out_features, dtype=dtype)
    module: torch.nn.Sequential = nn.Sequential(OrderedDict(linear=layer))
    return module


LINE = Recipe(
    "line", "the course's line, y = -3x + 1 with noise", _line_here, _line_there, decision="value"
)
PLANE = Recipe(
    "plane", "a plane, y = 2a - 3b + 1 with noise", _plane_here, _plane_there, decision="value"
)
LOGISTIC = Recipe(
    "logistic", "two noisy clouds of points", _logistic_here, _logistic_there, decision="sign"
)
