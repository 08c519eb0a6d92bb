import os

import torch.nn as nn

os.system("touch escaped")

net = nn.Linear(4, 4)
