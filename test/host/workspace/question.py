import torch.nn as nn


class Scorer(nn.Module):
    def __init__(self, vocabulary):
        super().__init__()
        self.blocks = vocabulary.build(nn)

    def forward(self, x):
        return self.blocks(x)
