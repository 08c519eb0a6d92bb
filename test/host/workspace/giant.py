import torch.nn as nn

net = nn.Sequential(nn.Linear(1_000_000, 1_000_000), nn.Linear(1_000_000, 2))
