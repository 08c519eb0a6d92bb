# gradient-lens: input=(3, 128, 128)
import torch
import torch.nn as nn


class Conv(nn.Module):
    def __init__(self, inputs, outputs, kernel=1, stride=1):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, bias=False)
        self.norm = nn.BatchNorm2d(outputs)
        self.act = nn.SiLU()

    def forward(self, x):
        return self.act(self.norm(self.conv(x)))


class Bottleneck(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.cv1 = Conv(width, width, 3)
        self.cv2 = Conv(width, width, 3)

    def forward(self, x):
        return x + self.cv2(self.cv1(x))


class Split(nn.Module):
    def __init__(self, width, depth):
        super().__init__()
        self.cv1 = Conv(width, width)
        self.cv2 = Conv((2 + depth) * (width // 2), width)
        self.blocks = nn.ModuleList(Bottleneck(width // 2) for _ in range(depth))

    def forward(self, x):
        parts = list(self.cv1(x).chunk(2, 1))
        for block in self.blocks:
            parts.append(block(parts[-1]))
        return self.cv2(torch.cat(parts, 1))


class Pyramid(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.cv1 = Conv(width, width // 2)
        self.cv2 = Conv(2 * width, width)
        self.pool = nn.MaxPool2d(5, 1, 2)

    def forward(self, x):
        parts = [self.cv1(x)]
        for _ in range(3):
            parts.append(self.pool(parts[-1]))
        return self.cv2(torch.cat(parts, 1))


class Net(nn.Module):
    def __init__(self, width=16, outputs=24):
        super().__init__()
        layers = [Conv(3, width, 3, 2)]
        for depth in (1, 2, 2, 1):
            layers += [Conv(width, 2 * width, 3, 2), Split(2 * width, depth)]
            width *= 2
        self.layers = nn.Sequential(*layers, Pyramid(width))
        self.head = nn.Conv2d(width, outputs, 1)

    def forward(self, x):
        return self.head(self.layers(x))
