"""A tall stack of sigmoid layers: the first ones receive next to no gradient.

Put the cursor on the underlined line and press Ctrl+. (Cmd+. on a Mac).
"""

import torch
import torch.nn as nn
from torch.utils.data import DataLoader, TensorDataset


class SigmoidStack(nn.Module):
    def __init__(self, features=20, width=32, depth=20, classes=5):
        super().__init__()
        layers = []
        size = features
        for _ in range(depth):
            layers.append(nn.Linear(size, width))
            layers.append(nn.Sigmoid())
            size = width
        self.body = nn.Sequential(*layers)
        self.head = nn.Linear(width, classes)

    def forward(self, x):
        return self.head(self.body(x))


def main():
    x = torch.randn(512, 20)
    y = torch.randint(0, 5, (512,))
    loader = DataLoader(TensorDataset(x, y), batch_size=64, shuffle=True)
    model = SigmoidStack()
    optimizer = torch.optim.Adam(model.parameters(), lr=1e-3)
    criterion = nn.CrossEntropyLoss()
    for epoch in range(20):
        for inputs, labels in loader:
            optimizer.zero_grad()
            loss = criterion(model(inputs), labels)
            loss.backward()
            optimizer.step()
        print(f"epoch {epoch}: {loss.item():.4f}")


if __name__ == "__main__":
    main()
