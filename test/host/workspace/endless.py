import torch.nn as nn

net = nn.Linear(4, 4)

while True:
    pass
