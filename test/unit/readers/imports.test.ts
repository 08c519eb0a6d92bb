import { describe, expect, it } from 'vitest';
import { collectImports, type FileLookup } from '../../../src/readers/python/imports';
import { findImports } from '../../../src/readers/python/importStatements';

function workspace(files: Record<string, string>): FileLookup & { reads: string[] } {
  const reads: string[] = [];
  return {
    reads,
    exists: (path) => Promise.resolve(path in files),
    read: (path) => {
      reads.push(path);
      return Promise.resolve(files[path] ?? null);
    },
  };
}

async function collected(files: Record<string, string>, active: string): Promise<string[]> {
  const result = await collectImports({ path: active, text: files[active]! }, workspace(files));
  return result.files.map((file) => file.path);
}

describe('findImports', () => {
  it('reads every form, wherever it stands', () => {
    const { modules, searchPaths } = findImports(`
from __future__ import annotations
import a.b as c, d
def f():
    from ..p.q import (r as s,
                       t)
try:
    from . import one, two
except ImportError:
    from ... import *
net = importlib.import_module("k.l")
sys.path.insert(0, '../src')
`);
    expect(modules).toEqual([
      { level: 0, parts: ['__future__'], names: ['annotations'] },
      { level: 0, parts: ['a', 'b'], names: [] },
      { level: 0, parts: ['d'], names: [] },
      { level: 2, parts: ['p', 'q'], names: ['r', 't'] },
      { level: 1, parts: [], names: ['one', 'two'] },
      { level: 3, parts: [], names: [] },
      { level: 0, parts: ['k', 'l'], names: [] },
    ]);
    expect(searchPaths).toEqual(['../src']);
  });

  it('finds imports around a statement that does not parse', () => {
    const { modules } = findImports('import a\nclass X(:\n    pass\nimport b\n');
    expect(modules.map((module) => module.parts[0])).toEqual(['a', 'b']);
  });
});

describe('collectImports', () => {
  it('follows siblings, packages and relative imports through other files', async () => {
    const files = {
      'train.py': 'import torch\nfrom models import Net\nfrom lib.data import loader\n',
      'models/__init__.py': 'from .net import Net\nfrom .unused_elsewhere import *\n',
      'models/net.py': 'from .blocks.residual import Block\nfrom . import norms\n',
      'models/unused_elsewhere.py': '',
      'models/norms.py': '',
      'models/blocks/residual.py': 'from ..norms import Norm\n',
      'models/blocks/other.py': '',
      'lib/data.py': 'import json\n',
      'unrelated.py': '',
    };
    expect((await collected(files, 'train.py')).sort()).toEqual(
      [
        'lib/data.py',
        'models/__init__.py',
        'models/blocks/residual.py',
        'models/net.py',
        'models/norms.py',
        'models/unused_elsewhere.py',
        'train.py',
      ].sort(),
    );
  });

  it('sees absolute imports from every folder above the file, the nearest first', async () => {
    const files = {
      'project/experiments/run.py': 'from project.net import Net\nimport helpers\n',
      'project/net.py': '',
      'project/experiments/helpers.py': '# near',
      'helpers.py': '# far',
    };
    expect(await collected(files, 'project/experiments/run.py')).toEqual([
      'project/experiments/run.py',
      'project/net.py',
      'project/experiments/helpers.py',
    ]);
  });

  it('mounts the packages that the file lies in', async () => {
    const files = { 'pkg/__init__.py': 'from . import base', 'pkg/base.py': '', 'pkg/net.py': 'import torch' };
    expect((await collected(files, 'pkg/net.py')).sort()).toEqual(['pkg/__init__.py', 'pkg/base.py', 'pkg/net.py']);
  });

  it('honours folders put on sys.path', async () => {
    const files = { 'tools/run.py': "import sys\nsys.path.append('../src')\nimport net\n", 'src/net.py': '' };
    expect(await collected(files, 'tools/run.py')).toEqual(['tools/run.py', 'src/net.py']);
  });

  it('takes modules out of a folder without __init__.py', async () => {
    const files = { 'run.py': 'from models import a, missing\n', 'models/a.py': '', 'models/b.py': '' };
    expect(await collected(files, 'run.py')).toEqual(['run.py', 'models/a.py']);
  });

  it('ends with circular imports', async () => {
    const files = { 'a.py': 'import b', 'b.py': 'import a' };
    expect(await collected(files, 'a.py')).toEqual(['a.py', 'b.py']);
  });

  it('never leaves the workspace', async () => {
    const files = { 'a.py': 'from .. import outside\nfrom ...x import y\n', '../outside.py': '', '../__init__.py': '' };
    expect(await collected(files, 'a.py')).toEqual(['a.py']);
  });

  it('stops at its limits and says so', async () => {
    const files: Record<string, string> = { 'a.py': Array.from({ length: 20 }, (_, i) => `import m${i}`).join('\n') };
    for (let i = 0; i < 20; i++) files[`m${i}.py`] = 'x = 1\n'.repeat(100);
    const active = { path: 'a.py', text: files['a.py']! };
    const few = await collectImports(active, workspace(files), { files: 5, characters: 1e6 });
    expect(few.files).toHaveLength(5);
    expect(few.truncated).toBe(true);
    const small = await collectImports(active, workspace(files), { files: 200, characters: active.text.length + 1500 });
    expect(small.files.map((file) => file.path)).toEqual(['a.py', 'm0.py', 'm1.py']);
    expect(small.truncated).toBe(true);
    expect((await collectImports(active, workspace(files))).truncated).toBe(false);
  });

  it('leaves out what cannot be read', async () => {
    const lookup: FileLookup = { exists: () => Promise.resolve(true), read: () => Promise.resolve(null) };
    const result = await collectImports({ path: 'a.py', text: 'import b' }, lookup);
    expect(result.files.map((file) => file.path)).toEqual(['a.py']);
  });
});

describe('the README of the project', () => {
  const files = {
    'pkg/net.py': 'class Net(nn.Module):\n    pass\n',
    'pkg/other.py': 'class Other(nn.Module):\n    pass\n',
    'README.md': '```python\nfrom pkg.net import Net\nnet = Net(3)\n```\n',
  };

  it('comes along where it uses a class of the file, and only there', async () => {
    expect(await collected(files, 'pkg/net.py')).toEqual(['pkg/net.py', 'README.md']);
    expect(await collected(files, 'pkg/other.py')).toEqual(['pkg/other.py']);
  });

  it('brings what its examples of the file import', async () => {
    const wrapped = {
      'wrap.py': 'class Wrap(nn.Module):\n    pass\n',
      'inner.py': 'from parts import Part\n',
      'parts.py': 'class Part(nn.Module):\n    pass\n',
      'unused.py': 'class Unused(nn.Module):\n    pass\n',
      'README.md': [
        '```python\nfrom unused import Unused\nUnused()\n```\n',
        '```py\nfrom inner import Inner\nfrom wrap import Wrap\nWrap(Inner())\n```\n',
      ].join('text\n'),
    };
    expect(await collected(wrapped, 'wrap.py')).toEqual(['wrap.py', 'README.md', 'inner.py', 'parts.py']);
  });
});
