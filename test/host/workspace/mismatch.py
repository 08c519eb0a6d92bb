import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.first = nn.Linear(20, 32)
        self.second = nn.Linear(33, 5)

    def forward(self, x):
        return self.second(torch.relu(self.first(x)))


print(Net()(torch.zeros(7, 20)).shape)
