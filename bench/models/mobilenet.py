# gradient-lens: input=(3, 64, 64)
import torch.nn as nn


def unit(inputs, outputs, kernel, stride=1, groups=1):
    return [
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
        nn.ReLU6(inplace=True),
    ]


class Inverted(nn.Module):
    def __init__(self, inputs, outputs, stride, expansion):
        super().__init__()
        hidden = inputs * expansion
        self.residual = stride == 1 and inputs == outputs
        self.layers = nn.Sequential(
            *(unit(inputs, hidden, 1) if expansion > 1 else []),
            *unit(hidden, hidden, 3, stride, hidden),
            nn.Conv2d(hidden, outputs, 1, bias=False),
            nn.BatchNorm2d(outputs),
        )

    def forward(self, x):
        return x + self.layers(x) if self.residual else self.layers(x)


STAGES = ((1, 16, 1, 1), (6, 24, 2, 2), (6, 32, 3, 2), (6, 64, 4, 2), (6, 96, 3, 1), (6, 160, 3, 2))


class Net(nn.Module):
    def __init__(self, classes=10):
        super().__init__()
        layers = unit(3, 32, 3)
        inputs = 32
        for expansion, outputs, count, stride in STAGES:
            for i in range(count):
                layers.append(Inverted(inputs, outputs, stride if i == 0 else 1, expansion))
                inputs = outputs
        self.layers = nn.Sequential(*layers, *unit(inputs, 640, 1), nn.AdaptiveAvgPool2d(1), nn.Flatten())
        self.head = nn.Linear(640, classes)

    def forward(self, x):
        return self.head(self.layers(x))
