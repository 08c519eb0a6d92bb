import { describe, expect, it } from 'vitest';
import { familyOf, languages, mayHoldModel } from '../../../src/editor/modelFilter';

const rows = '[[-1, 1, Conv, [16, 3, 2]]]';

/** Texts by language: those worth reading, and those that must cost nothing more than this look. */
const cases: [language: string, through: string[], back: string[]][] = [
  [
    'python',
    [
      'import torch',
      'import os\nimport torch.nn as nn',
      'from torch import nn',
      '    import numpy as np, torch',
      'from torchvision.models import resnet18',
      'import lightning.pytorch as pl',
      'from tensorflow import keras',
      'try:\n\tfrom torch import nn\nexcept ImportError:\n\tpass',
    ],
    ['', 'import os', '# import torch', 'x = "torch"', 'import pytorchy', 'from .torches import x', 'torch'],
  ],
  [
    'typescript',
    [
      "import * as tf from '@tensorflow/tfjs';",
      'import { sequential, layers } from "@tensorflow/tfjs-layers";',
      "import {\n  sequential,\n} from '@tensorflow/tfjs-node';",
      "const tf = require('@tensorflow/tfjs-node-gpu');",
      "const tf = await import('@tensorflow/tfjs');",
      "import * as tf from 'https://cdn.jsdelivr.net/npm/@tensorflow/tfjs@4.22.0/+esm';",
      'const model = tf.sequential();',
      'export const head = tf.layers.dense({ units: 1 });',
    ],
    [
      '',
      "import React from 'react';",
      "import { tf } from './transforms';\ntf.apply();",
      '// see @tensorflow/tfjs',
      'const tfx = { layers: [] };',
      "import a from 'a'; const about = '@tensorflow/tfjs';",
    ],
  ],
  [
    'json',
    [
      '{"class_name": "Sequential", "config": {"layers": []}}',
      '{"class_name" : "Functional", "config": {}}',
      '{"class_name": "Pyramid", "config": {"name": "pyramid", "layers": []}}',
      '{"format": "layers-model", "modelTopology": {}}',
    ],
    [
      '{}',
      '{"name": "app", "dependencies": {"@tensorflow/tfjs": "4"}}',
      '{"annotations": [{"class_name": "dog", "box": [1, 2, 3, 4]}]}',
      '{"class_name": "dog", "config": {}}',
      '{"layers": [], "config": {"backbone": 1}}',
    ],
  ],
  [
    'yaml',
    [
      'nc: 80\nbackbone:\n  - [-1, 1, Conv, [64, 3, 2]] # 0-P1/2\n',
      'backbone:\r\n  # [from, repeats, module, args]\r\n\r\n  - [-1, 1, Conv, [64, 3, 2]]\r\n',
      'head: # the rest\n- [-1, 1, nn.Linear, [10]]\n',
      'head:\n  - - -1\n    - 1\n    - Conv\n    - [64]\n',
      `backbone: ${rows}\nhead: ${rows}\n`,
      `"backbone": ${rows}\n`,
    ],
    [
      '',
      'jobs:\n  build:\n    steps:\n      - [1, 2]\n',
      'model:\n  backbone:\n    name: resnet50\n',
      'backbone:\n  type: ResNet\n  depth: 50\nhead:\n  type: FPN\n',
      'backbone: resnet50\nhead: linear\n',
      'head:\n  - title\n  - meta\n',
      'backbones:\n  - [1]\n',
      '# backbone:\n#  - [-1, 1, Conv, [64]]\n',
    ],
  ],
];

describe('the pre-filter', () => {
  for (const [language, through, back] of cases) {
    it.each(through)(`lets ${language} %j through`, (text) => {
      expect(mayHoldModel(language, text)).toBe(true);
    });
    it.each(back)(`holds ${language} %j back`, (text) => {
      expect(mayHoldModel(language, text)).toBe(false);
    });
  }

  it('knows no model language but those that are read', () => {
    expect(mayHoldModel('plaintext', 'import torch')).toBe(false);
    expect(mayHoldModel('vue', "import * as tf from '@tensorflow/tfjs'")).toBe(false);
  });

  it.each([
    ['python', 'import a\n'.repeat(100_000)],
    ['python', `import ${'a '.repeat(500_000)}`],
    ['typescript', "import a from 'a';\n".repeat(60_000)],
    ['typescript', `from${' '.repeat(1_000_000)}`],
    ['typescript', 'tf.'.repeat(300_000)],
    ['json', `{"class_name": "a"${' '.repeat(1_000_000)}}`],
    ['json', '"class_name"'.repeat(90_000)],
    ['yaml', 'head:\n'.repeat(160_000)],
    ['yaml', `head:${'\n# none'.repeat(140_000)}`],
    ['yaml', `head:${' '.repeat(1_000_000)}`],
  ])('takes a hostile megabyte of %s in its stride', (language, text) => {
    // An expression that goes back and forth would take hours, not seconds: the limit of a test tells.
    expect(typeof mayHoldModel(language, text)).toBe('boolean');
  });
});

describe('the family of a file', () => {
  it.each([
    ['python', '/w/net.py', 'python'],
    ['python', '/w/net.ipynb', null],
    ['typescriptreact', '/w/App.tsx', 'javascript'],
    ['javascript', '/w/model.CJS', 'javascript'],
    ['javascript', '/w/page.es6', null],
    ['json', '/w/model.json', 'json'],
    ['jsonc', '/w/model.json', 'json'],
    ['json', '/w/notes.ipynb', null],
    ['yaml', '/w/yolo12.yml', 'yaml'],
    ['yaml', '/w/.clang-format', null],
    ['markdown', '/w/README.md', null],
  ])('%s %s is %s', (language, path, family) => {
    expect(familyOf(language, path)).toBe(family);
  });

  it('names languages once', () => {
    expect(new Set(languages).size).toBe(languages.length);
  });
});
