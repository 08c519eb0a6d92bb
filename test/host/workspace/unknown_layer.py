import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.layer = nn.HyperbolicAttention(8)

    def forward(self, x):
        return self.layer(x)
