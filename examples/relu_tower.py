"""A ReLU tower with PyTorch's default initialisation, beside the same one with He's."""

import torch.nn as nn
import torch.nn.functional as F


class Tower(nn.Module):
    """`nn.Linear` draws weights of variance 1 / (3 fan-in): too small for thirty ReLUs."""

    def __init__(self, width=64, depth=30, classes=10):
        super().__init__()
        self.stem = nn.Linear(32, width)
        self.layers = nn.ModuleList(nn.Linear(width, width) for _ in range(depth))
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        x = F.relu(self.stem(x))
        for layer in self.layers:
            x = F.relu(layer(x))
        return self.head(x)


class HeTower(Tower):
    """The same tower, initialised for ReLU (He et al. 2015): healthy."""

    def __init__(self):
        super().__init__()
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
                nn.init.zeros_(module.bias)
