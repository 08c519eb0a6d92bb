# gradient-lens: input=(3, 8, 32, 32)
import torch.nn as nn


def unit(inputs, outputs):
    return [nn.Conv3d(inputs, outputs, 3, padding=1), nn.BatchNorm3d(outputs), nn.ReLU()]


class Net(nn.Module):
    def __init__(self, classes=10, width=16):
        super().__init__()
        self.layers = nn.Sequential(
            *unit(3, width),
            nn.MaxPool3d((1, 2, 2)),
            *unit(width, 2 * width),
            nn.MaxPool3d(2),
            *unit(2 * width, 4 * width),
            *unit(4 * width, 4 * width),
            nn.MaxPool3d(2),
            *unit(4 * width, 8 * width),
            nn.AdaptiveAvgPool3d(1),
            nn.Flatten(),
            nn.Linear(8 * width, classes),
        )

    def forward(self, x):
        return self.layers(x)
