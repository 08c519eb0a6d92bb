import { describe, expect, it } from 'vitest';
import { countTorchDefinitions } from '../../corpus/torchDefinitions';

const count = (...texts: string[]) =>
  countTorchDefinitions(texts.map((text, at) => ({ path: `file${at}.py`, text }))).map(
    ({ path, name, kind }) => `${path} ${kind} ${name}`,
  );

const NET = `
class Block(nn.Module):
    def __init__(self, width):
        self.layer = nn.Linear(width, width)
    def forward(self, x):
        return self.layer(x)

class Net(nn.Module):
    def __init__(self):
        self.block = Block(3)
    def forward(self, x):
        return self.block(x)
`;

describe('the count of PyTorch definitions', () => {
  it('takes root classes and leaves out their blocks', () => {
    expect(count(NET)).toEqual(['file0.py class Net']);
  });

  it('counts a builder in place of the class that it builds', () => {
    expect(
      count(`${NET}\ndef net():\n    made = Net()\n    return made\n\ndef deep(width):\n    return Net()\n`),
    ).toEqual(['file0.py builder net']);
  });

  it('takes a name of another file for a part only where it is imported from there', () => {
    const user = `
class Around(nn.Module):
    def __init__(self):
        self.net = Net()
    def forward(self, x):
        return self.net(x)
`;
    expect(count(NET, user)).toEqual(['file0.py class Net', 'file1.py class Around']);
    expect(count(NET, `from .file0 import Net\n${user}`)).toEqual(['file1.py class Around']);
  });

  it('takes what a helper of a model makes for a part', () => {
    const helper = `
def layers(width):
    return [Block(width)]

class Deep(nn.Module):
    def __init__(self):
        self.all = nn.Sequential(*layers(3))
    def forward(self, x):
        return self.all(x)
`;
    expect(count(NET.replace('Block(3)', 'nn.Linear(3, 3)') + helper)).toEqual([
      'file0.py class Net',
      'file0.py class Deep',
    ]);
  });

  it('leaves out classes that can hold no layer, and those without a forward', () => {
    const bare = `
class Plain(torch.nn.Module):
    def forward(self, x):
        return torch.relu(x)

class Active(torch.nn.Module):
    def __init__(self):
        self.relu = torch.nn.ReLU()
    def forward(self, x):
        return self.relu(x)

class Base(torch.nn.Module):
    def __init__(self):
        self.layer = torch.nn.Linear(2, 2)
`;
    expect(count(bare)).toEqual([]);
    const heir = `class Heir(Base):\n    def forward(self, x):\n        return self.layer(x)\n`;
    expect(count(bare + heir)).toEqual(['file0.py class Heir']);
  });
});
