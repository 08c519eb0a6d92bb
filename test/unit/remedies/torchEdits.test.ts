import { describe, expect, it } from 'vitest';
import type { Change } from '../../../src/remedies/idea';
import { activations, layers, write } from './writing';
import { spanOf } from './stacks';

const after = (text: string, ...changes: Change[]) => write(text, changes, 'pytorch')?.text;
const place = (text: string, piece: string) => [{ span: spanOf(text, piece) }];

describe('recurrent layers in PyTorch', () => {
  const file = (body: string, use: string, newline = '\n') =>
    [
      'from torch import nn',
      'class Net(nn.Module):',
      '\tdef __init__(self):',
      `\t\t${body}`,
      '\tdef forward(self, x, h0):',
      `\t\t${use}`,
      '\t\treturn out',
      '',
    ].join(newline);
  const swap = (text: string, to: 'lstm' | 'gru', piece: string): Change => ({
    kind: 'recurrentCell',
    to,
    layers: layers(text, 'net.py', 'RNN', piece),
  });

  it.each([
    ['out, h = self.rnn(x)', 'out, (h, _) = self.rnn(x)'],
    ['out, _ = self.rnn(x)', 'out, _ = self.rnn(x)'],
    ['out, h = self.rnn(x, h0)', 'out, (h, _) = self.rnn(x, (h0, torch.zeros_like(h0)))'],
    ['out = self.rnn(x)[0]  # états', 'out = self.rnn(x)[0]  # états'],
  ])('unpacks the pair of states of an LSTM in %s', (use, expected) => {
    const text = file("self.rnn = nn.RNN(4, 8, nonlinearity='tanh', batch_first=True)", use, '\r\n');
    const made = after(text, swap(text, 'lstm', "nn.RNN(4, 8, nonlinearity='tanh', batch_first=True)"));
    expect(made).toContain('self.rnn = nn.LSTM(4, 8, batch_first=True)\r\n');
    expect(made).toContain(`\t\t${expected}\r\n`);
  });

  it('leaves the uses of a GRU alone, and writes nothing where the pair is used in another way', () => {
    const text = file('self.rnn = nn.RNN(4, 8)', 'out = head(self.rnn(x))');
    expect(after(text, swap(text, 'gru', 'nn.RNN(4, 8)'))).toBe(text.replace('nn.RNN', 'nn.GRU'));
    expect(after(text, swap(text, 'lstm', 'nn.RNN(4, 8)'))).toBeUndefined();
  });

  it('starts the bias of the gate behind the statement that makes the layer, over several lines too', () => {
    const layer = 'nn.LSTM(\n\t\t\t4, 8,  # small\n\t\t)';
    const text = file(`self.rnn = ${layer}  # memory`, 'out, _ = self.rnn(x)');
    expect(after(text, { kind: 'gateBias', steps: 100, layers: layers(text, 'net.py', 'LSTM', layer) })).toBe(
      text.replace(
        '# memory\n',
        `# memory
\t\tfor name, bias in self.rnn.named_parameters():
\t\t\tif name.startswith('bias_ih'):
\t\t\t\tnn.init.constant_(bias[self.rnn.hidden_size:2 * self.rnn.hidden_size], 4.6)  # ln of 100 steps
`,
      ),
    );
  });

  it.each([
    ['out[:, -1, :]', 'out.mean(dim=1)'],
    ['out[:, -1]', 'out.mean(dim=1)'],
    ['out[-1]', 'out.mean(dim=0)'],
  ])('averages the steps of %s', (read, expected) => {
    const text = `def forward(self, out): return self.fc(${read})\n`;
    expect(after(text, { kind: 'readAllSteps', layers: [], reads: place(text, read) })).toBe(
      text.replace(read, expected),
    );
  });
});

describe('norms first in PyTorch', () => {
  const change = (text: string, piece: string): Change => ({
    kind: 'normFirst',
    layers: layers(text, 'net.py', 'TransformerEncoderLayer', piece),
  });

  it('adds the switch to a layer of PyTorch, or turns it where it is set', () => {
    const layer = 'nn.TransformerEncoderLayer(\n    8, 2,\n    dropout=0.1,  # few\n)';
    const bare = `from torch import nn\nlayer = ${layer}\n`;
    expect(after(bare, change(bare, layer))).toBe(bare.replace('# few\n', '# few\n    norm_first=True,\n'));
    const handed = `from torch import nn
class Net(nn.Module):
    def __init__(self, pre=False):
        self.layer = nn.TransformerEncoderLayer(8, 2, norm_first=pre)
`;
    expect(after(handed, change(handed, 'nn.TransformerEncoderLayer(8, 2, norm_first=pre)'))).toBe(
      handed.replace('pre=False', 'pre=True'),
    );
  });

  it('turns the switch of a block of the file’s own, and has nothing to write without one', () => {
    const own = 'class Block: pass\na = Block(8, normalize_before=False)\n';
    expect(after(own, change(own, 'Block(8, normalize_before=False)'))).toContain('normalize_before=True');
    const without = 'class Block: pass\na = Block(8)\n';
    expect(after(without, change(without, 'Block(8)'))).toBeUndefined();
  });
});

describe('ends of a gradient in PyTorch', () => {
  it('starts biases at zero and scales at one, by the function or the method that is there', () => {
    const text =
      'from torch.nn.init import constant_\nconstant_(self.fc.bias, -10.0)  # shut\nself.norm.weight.data.zero_()\n';
    expect(
      after(
        text,
        { kind: 'constantStart', value: 0, places: place(text, 'constant_(self.fc.bias, -10.0)') },
        { kind: 'constantStart', value: 1, places: place(text, 'self.norm.weight.data.zero_()') },
      ),
    ).toBe(
      'from torch.nn.init import constant_, zeros_\nzeros_(self.fc.bias)  # shut\nself.norm.weight.data.fill_(1)\n',
    );
  });

  it.each([
    ['nn.Softmax(dim=1)', 'nn.Sigmoid()'],
    ['torch.softmax(self.out(x), dim=1)', 'torch.sigmoid(self.out(x))'],
    ['nn.functional.softmax(x, 1)', 'torch.sigmoid(x)'],
    ['self.out(x).softmax(-1)', 'self.out(x).sigmoid()'],
  ])('makes %s a sigmoid', (piece, expected) => {
    const text = `import torch\nfrom torch import nn\ny = lambda self, x: ${piece}\n`;
    expect(after(text, { kind: 'sigmoidForSoftmax', places: activations(text, 'net.py', piece) })).toBe(
      text.replace(piece, expected),
    );
  });

  it('takes a detach out, also at the end of a chain over lines', () => {
    const text = 'y = (self.encoder(x)\n     .detach())\n';
    expect(after(text, { kind: 'attach', places: place(text, 'self.encoder(x)\n     .detach()') })).toBe(
      'y = (self.encoder(x))\n',
    );
  });
});
