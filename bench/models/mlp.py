# gradient-lens: input=(784,)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, width=256, depth=20):
        super().__init__()
        layers = [nn.Linear(784, width), nn.Sigmoid()]
        for _ in range(depth - 1):
            layers += [nn.Linear(width, width), nn.Sigmoid()]
        self.layers = nn.Sequential(*layers, nn.Linear(width, 10))

    def forward(self, x):
        return self.layers(x)
