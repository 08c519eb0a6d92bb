# gradient-lens: input=(64, 128)
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, features=128, hidden=128):
        super().__init__()
        self.lstm = nn.LSTM(features, hidden, batch_first=True)
        self.head = nn.Linear(hidden, 10)

    def forward(self, x):
        y, _ = self.lstm(x)
        return self.head(y[:, -1])
