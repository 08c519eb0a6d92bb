# gradient-lens: input=(64,):int<1000
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, vocabulary=1000, hidden=128):
        super().__init__()
        self.embedding = nn.Embedding(vocabulary, hidden)
        self.gru = nn.GRU(hidden, hidden, num_layers=2, batch_first=True)
        self.head = nn.Linear(hidden, 10)

    def forward(self, x):
        y, _ = self.gru(self.embedding(x))
        return self.head(y[:, -1])
