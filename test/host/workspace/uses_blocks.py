import torch.nn as nn

from blocks import sigmoid_block


class Deep(nn.Module):
    def __init__(self, width=24, depth=18):
        super().__init__()
        self.blocks = nn.Sequential(*[sigmoid_block(width) for _ in range(depth)])
        self.head = nn.Linear(width, 4)

    def forward(self, x):
        return self.head(self.blocks(x))
