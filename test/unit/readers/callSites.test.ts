import { describe, expect, test } from 'vitest';
import { findCallers } from '../../../src/readers/python/callSites';
import { importLines } from '../../../src/readers/python/importLines';

const NET = {
  path: 'pkg/net.py',
  text: 'import torch\nclass Net(torch.nn.Module):\n    pass\ndef small():\n    return Net()\n',
};
const use = (path: string, text: string) => ({ path, ...importLines(text) });
const callers = (...files: [string, string][]) =>
  findCallers(
    NET,
    files.map(([path, text]) => use(path, text)),
  );

describe('scripts that use a file', () => {
  test.each([
    ['a name of it', 'from pkg.net import Net\nmain(Net())\n'],
    ['several names over lines', 'from pkg.net import (\n    Net,  # the model\n    small as s,\n)\nmain(Net())\n'],
    ['the module', 'import torch, pkg.net as nets\nmain(nets.Net())\n'],
    ['the module by name', 'from pkg import net\nmain(net.Net())\n'],
    ['everything', 'from pkg.net import *\nif __name__ == "__main__":\n    Net()\n'],
    ['inside a function', 'def main():\n    from pkg.net import Net\n    Net()\nmain()\n'],
  ])('import %s', (_, text) => {
    expect(callers(['train.py', text])).toEqual(['train.py']);
  });

  test('relative imports are those of the folder', () => {
    expect(callers(['pkg/train.py', 'from .net import Net\nmain(Net())\n'])).toEqual(['pkg/train.py']);
    expect(callers(['other/train.py', 'from .net import Net\nmain(Net())\n'])).toEqual([]);
  });

  test('may stand several files away, behind a package or a helper', () => {
    expect(
      callers(
        ['pkg/__init__.py', 'from .net import Net\n'],
        ['make.py', 'from pkg import Net\ndef make(name):\n    return Net()\n'],
        ['main.py', 'from make import make\nrun(make("net"))\n'],
      ),
    ).toEqual(['main.py']);
  });

  test('name something of it somewhere on the way', () => {
    const init: [string, string] = ['pkg/__init__.py', 'from .net import Net, small\nfrom .other import Other\n'];
    expect(callers(init, ['main.py', 'from pkg import *\n# run(Net())\nrun(Other())\n'])).toEqual([]);
    expect(callers(init, ['main.py', 'from pkg import *\nrun(Net())\n'])).toEqual(['main.py']);
  });

  test('do something', () => {
    expect(callers(['lib.py', 'from pkg.net import Net\nclass More(Net):\n    pass\nWIDTH = 3\n'])).toEqual([]);
  });

  test('are ordered by what they tell, and few', () => {
    const text = 'from pkg.net import Net\nmain(Net())\n';
    const found = callers(
      ...['a.py', 'test_net.py', 'train.py', 'pkg/demo.py', 'export.py', 'b.py'].map((path): [string, string] => [
        path,
        text,
      ]),
    );
    expect(found).toEqual(['train.py', 'pkg/demo.py', 'a.py', 'b.py']);
  });

  test('may import each other in a circle', () => {
    expect(callers(['a.py', 'import b\nfrom pkg.net import Net\nf(Net())\n'], ['b.py', 'import a\nf(a)\n'])).toEqual([
      'a.py',
      'b.py',
    ]);
  });
});
