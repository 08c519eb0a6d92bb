import * as fs from 'node:fs';
import * as path from 'node:path';
import { describe, expect, it } from 'vitest';
import { applyEdits } from '../../../src/remedies/applyEdits';
import { propose } from '../../../src/remedies/propose';
import { stack, type StackOptions } from './stacks';

function candidates(text: string, options: StackOptions) {
  const { graph, diagnosis } = stack(text, options);
  const [finding] = diagnosis.findings;
  if (!finding) throw new Error('Nothing was found.');
  return propose(finding, diagnosis, graph, [{ path: options.path ?? 'net.py', text }]);
}

/** The text after one candidate. */
function after(text: string, options: StackOptions, id = 'swap-activation/relu+he'): string {
  const found = candidates(text, options).find((candidate) => candidate.id === id);
  if (!found) throw new Error(`No candidate ${id}.`);
  return applyEdits(text, found.edits);
}

const STACK = `import torch
import torch.nn as nn


class Net(nn.Module):
    def __init__(self, depth=20):
        super().__init__()
        blocks = []
        for _ in range(depth):
            blocks.append(nn.Linear(32, 32))
            blocks.append(nn.Sigmoid())  # squash
        self.body = nn.Sequential(*blocks)
        # the last word

    def forward(self, x):
        return self.body(x)
`;
const IN_STACK: StackOptions = { layer: 'nn.Linear(32, 32)', activation: 'nn.Sigmoid()' };

describe('swapping a saturating activation', () => {
  it('changes the one call that makes all layers and initialises at the end of __init__', () => {
    expect(after(STACK, IN_STACK)).toBe(
      STACK.replace('nn.Sigmoid()', 'nn.ReLU()').replace(
        'nn.Sequential(*blocks)\n',
        `nn.Sequential(*blocks)
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.kaiming_normal_(module.weight, nonlinearity='relu')
`,
      ),
    );
  });

  it('offers each family once, with its own initialiser, under an imperative title without figures', () => {
    const found = candidates(STACK, IN_STACK);
    expect(found.map(({ id }) => id)).toEqual([
      'swap-activation/relu+he',
      'swap-activation/leaky-relu+he',
      'swap-activation/elu+he',
      'swap-activation/gelu+he',
      'swap-activation/silu+he',
      'swap-activation/selu+lecun',
      'normalise/batch-norm',
      'swap-activation/relu',
      'normalise/batch-norm+relu',
      'initialiser/glorot-sigmoid',
    ]);
    expect(found[0]?.title).toBe('Replace `nn.Sigmoid` by `nn.ReLU` with He initialisation');
    expect(found[5]?.edits.map((edit) => edit.text).join('')).toContain("nonlinearity='linear'");
    for (const { title } of found) expect(title.replace(/`[^`]*`/g, '')).not.toMatch(/\d/);
  });

  it('keeps tabs, CRLF, and counts UTF-16 where other scripts stand before the range', () => {
    const text = [
      'from torch import nn',
      'class Net(nn.Module):',
      '\tdef __init__(self):',
      '\t\tsuper().__init__(); name = "😀 Шар"; self.body = nn.Sequential(*[nn.Linear(32, 32), nn.Sigmoid()] * 20) # ende 😀',
      '\tdef forward(self, x):',
      '\t\treturn self.body(x)',
      '',
    ].join('\r\n');
    expect(after(text, IN_STACK)).toBe(
      text
        .replace('nn.Sigmoid()', 'nn.ReLU()')
        .replace(
          '# ende 😀\r\n',
          '# ende 😀\r\n\t\tfor module in self.modules():\r\n\t\t\tif isinstance(module, nn.Linear):\r\n\t\t\t\tnn.init.kaiming_normal_(module.weight, nonlinearity="relu")\r\n',
        ),
    );
  });

  it('joins the import by which the file names its layers', () => {
    const text = `from torch.nn import (Linear, Module,
                      Sequential, Sigmoid)

class Net(Module):
    def __init__(self):
        super().__init__()
        self.body = Sequential(*(layer for _ in range(20) for layer in (Linear(32, 32), Sigmoid())))
`;
    const edited = after(text, { layer: 'Linear(32, 32)', activation: 'Sigmoid()' });
    expect(edited).toContain('Sequential, Sigmoid, ReLU)\nfrom torch import nn\n');
    expect(edited).toContain('(Linear(32, 32), ReLU())');
    expect(edited).toContain('        for module in self.modules():\n            if isinstance(module, Linear):\n');
    expect(edited).toContain("nn.init.kaiming_normal_(module.weight, nonlinearity='relu')");
  });

  it('writes torch.nn in full where the file does', () => {
    const text = `import torch

class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.body = torch.nn.Sequential(*[m for _ in range(20) for m in (torch.nn.Linear(32, 32), torch.nn.Sigmoid(
        ))])
`;
    const edited = after(text, { layer: 'torch.nn.Linear(32, 32)', activation: 'torch.nn.Sigmoid(\n        )' });
    expect(edited).toContain('(torch.nn.Linear(32, 32), torch.nn.ReLU())])');
    expect(edited).toContain('if isinstance(module, torch.nn.Linear)');
    expect(edited).toContain('torch.nn.init.kaiming_normal_(');
  });

  it('changes a class that is handed on, inside the flagged model alone', () => {
    const text = `from torch import nn

def tower(act):
    return nn.Sequential(*[m for _ in range(20) for m in (nn.Linear(32, 32), act())])

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = tower(nn.Sigmoid)

class Other(nn.Module):
    def __init__(self):
        super().__init__()
        self.body = tower(nn.Sigmoid)
`;
    const edited = after(text, { layer: 'nn.Linear(32, 32)', activation: 'act()' });
    expect(edited.match(/tower\(nn\.ReLU\)/g)).toHaveLength(1);
    expect(edited.indexOf('tower(nn.ReLU)')).toBeLessThan(edited.indexOf('class Other'));
  });

  it('follows lambdas, defaults and keyword arguments, and leaves tables alone', () => {
    const text = `from torch import nn
TABLE = {'sigmoid': nn.Sigmoid, 'relu': nn.ReLU}

class Net(nn.Module):
    def __init__(self, act: type = nn.Sigmoid):
        super().__init__()
        self.body = nn.Sequential(*[m for _ in range(20) for m in (nn.Linear(32, 32), act())])
`;
    const edited = after(text, { layer: 'nn.Linear(32, 32)', activation: 'act()' });
    expect(edited).toContain("TABLE = {'sigmoid': nn.Sigmoid, 'relu': nn.ReLU}");
    expect(edited).toContain('act: type = nn.ReLU)');
    const table = text.replace('nn.Sigmoid):', 'None):').replace('act()', "TABLE['sigmoid']()");
    expect(
      candidates(table, { layer: 'nn.Linear(32, 32)', activation: "TABLE['sigmoid']()" }).filter(({ id }) =>
        id.startsWith('swap'),
      ),
    ).toEqual([]);
  });

  it('finds the class behind the very name that is called, through other names', () => {
    const text = `from torch import nn

def block(width, unit):
    return [nn.Linear(width, 32), unit()]

class Net(nn.Module):
    def __init__(self, activation=None, final=nn.Sigmoid, flag=True):
        super().__init__()
        self.hidden = nn.Sigmoid if flag else nn.Tanh
        self.body = nn.Sequential(*[m for _ in range(20) for m in block(32, self.hidden)])
        self.final = final()
`;
    const edited = after(text, { layer: 'nn.Linear(width, 32)', activation: 'unit()' });
    expect(edited).toContain('final=nn.Sigmoid,');
    expect(edited).toContain('self.hidden = nn.ReLU if flag else nn.Tanh\n');
  });

  it('never touches an activation that gives the output', () => {
    const { graph, diagnosis } = stack(STACK, IN_STACK);
    const last = graph.nodes.findLastIndex(({ op }) => op === 'sigmoid');
    graph.outputs = [...(graph.nodes[last]?.outputs ?? [])];
    const found = propose(diagnosis.findings[0]!, diagnosis, graph, [{ path: 'net.py', text: STACK }]);
    expect(found.filter(({ id }) => id.startsWith('swap'))).toEqual([]);
    // Nor where another model of the file takes its output from the same line.
    const other = stack(STACK, IN_STACK);
    const alone = propose(
      other.diagnosis.findings[0]!,
      other.diagnosis,
      other.graph,
      [{ path: 'net.py', text: STACK }],
      [graph],
    );
    expect(alone.filter(({ id }) => id.startsWith('swap'))).toEqual([]);
  });

  it.each([
    ['torch.sigmoid(self.fc(x))', 'relu', 'torch.relu(self.fc(x))'],
    ['torch.sigmoid(self.fc(x))', 'leaky-relu', 'nn.functional.leaky_relu(self.fc(x))'],
    ['F.sigmoid(self.fc(x))', 'silu', 'F.silu(self.fc(x))'],
    ['self.fc(x).sigmoid()', 'relu', 'self.fc(x).relu()'],
    ['self.fc(x).sigmoid()', 'gelu', 'F.gelu(self.fc(x))'],
    ['(self.fc(x)\n            .sigmoid())', 'gelu', '(F.gelu(self.fc(x)))'],
  ])('rewrites the call %s for %s', (written, name, expected) => {
    const text = `import torch
import torch.nn.functional as F
from torch import nn

class Net(nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = nn.Linear(32, 32)

    def forward(self, x):
        for _ in range(20):
            x = ${written}
        return x
`.replace('import torch.nn.functional as F\n', written.startsWith('torch') ? '' : 'import torch.nn.functional as F\n');
    const span = written.replace(/^\((.*)\)$/s, '$1');
    const edited = after(
      text,
      { layer: 'nn.Linear(32, 32)', activation: span, activationType: null },
      `swap-activation/${name}+he`,
    );
    expect(edited).toContain(`            x = ${expected}\n`);
  });

  it('breaks a one-line constructor open', () => {
    const text = `import torch.nn as nn
class Net(nn.Module):
  def __init__(self): super().__init__(); self.body = nn.Sequential(*[nn.Linear(32, 32), nn.Sigmoid()] * 20)
  def forward(self, x): return self.body(x)
`;
    expect(after(text, IN_STACK)).toContain(`  def __init__(self):
    super().__init__(); self.body = nn.Sequential(*[nn.Linear(32, 32), nn.ReLU()] * 20)
    for module in self.modules():
      if isinstance(module, nn.Linear):
        nn.init.kaiming_normal_(module.weight, nonlinearity='relu')
  def forward`);
  });

  it('ends behind a compound last statement, not behind the comments that follow it', () => {
    const text = STACK.replace(
      '        # the last word\n',
      `        if depth > 3:
            self.note = """deep
            er"""
    # about forward
`,
    );
    expect(after(text, IN_STACK)).toContain(
      `            er"""
        for module in self.modules():
            if isinstance(module, nn.Linear):
                nn.init.kaiming_normal_(module.weight, nonlinearity='relu')
    # about forward
`.replaceAll("'", '"'),
    );
  });

  it('initialises where a script or a factory makes the model', () => {
    const made = 'nn.Sequential(*[m for _ in range(20) for m in (nn.Linear(32, 32), nn.Sigmoid())])';
    const options = { ...IN_STACK, rootType: 'Sequential', root: made };
    expect(after(`from torch import nn\nnet = ${made}.to("cpu")\nprint(net)\n`, options)).toBe(
      `from torch import nn
net = ${made.replace('Sigmoid', 'ReLU')}.to("cpu")
for module in net.modules():
    if isinstance(module, nn.Linear):
        nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
print(net)
`,
    );
    expect(after(`from torch import nn\ndef build():\n  return ${made}\n`, options)).toBe(
      `from torch import nn
def build():
  model = ${made.replace('Sigmoid', 'ReLU')}
  for module in model.modules():
    if isinstance(module, nn.Linear):
      nn.init.kaiming_normal_(module.weight, nonlinearity='relu')
  return model
`,
    );
  });
});

describe('setting the initialiser alone', () => {
  const relu = STACK.replace('nn.Sigmoid()', 'nn.ReLU()');
  const inRelu: StackOptions = {
    layer: 'nn.Linear(32, 32)',
    activation: 'nn.ReLU()',
    op: 'relu',
    activationType: 'ReLU',
  };

  it('offers He for a ReLU tower that starts too small', () => {
    expect(candidates(relu, inRelu).map(({ id }) => id)).toEqual([
      'initialiser/he',
      'initialiser/he-uniform',
      'initialiser/orthogonal',
      'normalise/batch-norm',
    ]);
    expect(after(relu, inRelu, 'initialiser/orthogonal')).toContain(
      'nn.init.orthogonal_(module.weight, gain=2 ** 0.5)',
    );
  });

  it('changes the call by which the file initialises already', () => {
    const text = relu.replace(
      '        # the last word\n',
      '        for m in self.body:\n            if hasattr(m, "weight"): nn.init.normal_(m.weight,\n                std=0.01)  # small\n',
    );
    const options = { ...inRelu, initialiser: 'nn.init.normal_(m.weight,\n                std=0.01)' };
    expect(after(text, options, 'initialiser/he')).toBe(
      text.replace(options.initialiser, 'nn.init.kaiming_normal_(m.weight, nonlinearity="relu")'),
    );
  });

  it('offers no initialiser where weights start large enough', () => {
    const found = candidates(relu, { ...inRelu, std: 0.25 });
    expect(found.map(({ id }) => id)).toEqual(['normalise/batch-norm']);
  });

  it('keeps tanh with its own gain first', () => {
    const tanh = STACK.replace('nn.Sigmoid()', 'nn.Tanh()');
    const found = candidates(tanh, {
      layer: 'nn.Linear(32, 32)',
      activation: 'nn.Tanh()',
      op: 'tanh',
      activationType: 'Tanh',
      loss: [0.02, 0.24],
    });
    expect(found[0]?.title).toBe('Set Glorot initialisation and keep `Tanh`');
    expect(found[1]?.id).toBe('swap-activation/relu+he');
  });
});

describe('normalising before the activation', () => {
  const id = 'normalise/batch-norm';

  it('joins a list of layers, on a line of its own where the layers have theirs', () => {
    expect(after(STACK, IN_STACK, id)).toBe(
      STACK.replace(
        '            blocks.append(nn.Sigmoid())',
        '            blocks.append(nn.BatchNorm1d(32))\n            blocks.append(nn.Sigmoid())',
      ),
    );
    const text = `import torch.nn as nn

class Net(nn.Module):
    def __init__(self, width=32):
        super().__init__()
        self.body = nn.Sequential(*[m for _ in range(20) for m in [
            nn.Linear(32, out_features=width * 1),  # wide
            nn.Sigmoid(),
        ]])
`;
    const options = { layer: 'nn.Linear(32, out_features=width * 1)', activation: 'nn.Sigmoid()' };
    expect(after(text, options, id)).toContain(`            nn.Linear(32, out_features=width * 1),  # wide
            nn.BatchNorm1d(width * 1),
            nn.Sigmoid(),
`);
    const line = text.replace(/\[\n.*wide\n\s*(.*),\n\s*\]/, '(nn.Linear(32, out_features=width * 1), $1)');
    expect(after(line, options, id)).toContain('width * 1), nn.BatchNorm1d(width * 1), nn.Sigmoid())');
  });

  it('is not offered where layer and activation stand apart', () => {
    const text = STACK.replace('blocks.append(nn.Sigmoid())', 'self.act = nn.Sigmoid()');
    expect(candidates(text, IN_STACK).map((candidate) => candidate.id)).not.toContain(id);
  });
});

describe('the pack’s own sigmoid stack', () => {
  it('takes two edits', () => {
    const file = path.resolve(__dirname, '../../../../shared/conformance/sources/pytorch/sigmoid_stack.py');
    const text = fs.readFileSync(file, 'utf8');
    const found = candidates(text, {
      layer: 'nn.Linear(size, width)',
      activation: 'nn.Sigmoid()',
      rootType: 'SigmoidStack',
    });
    expect(found[0]?.edits).toHaveLength(2);
  });
});
