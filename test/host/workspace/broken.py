import torch.nn as nn

net = nn.Sequential(nn.Linear(4, 8), nn.ReLU(
