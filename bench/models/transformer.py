# gradient-lens: input=(64,):int<1000
import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, vocabulary=1000, width=128, depth=4, heads=4, length=64):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, width)
        self.position = nn.Parameter(torch.randn(1, length, width) * 0.02)
        layer = nn.TransformerEncoderLayer(width, heads, 4 * width, dropout=0.0, activation='gelu', batch_first=True)
        self.encoder = nn.TransformerEncoder(layer, depth)
        self.head = nn.Linear(width, vocabulary)

    def forward(self, x):
        return self.head(self.encoder(self.embedding(x) + self.position))
