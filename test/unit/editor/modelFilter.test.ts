import { describe, expect, it } from 'vitest';
import { mayHoldModel } from '../../../src/editor/modelFilter';

describe('the pre-filter', () => {
  it.each([
    'import torch',
    'import os\nimport torch.nn as nn',
    'from torch import nn',
    '    import numpy as np, torch',
    'from torchvision.models import resnet18',
    'import lightning.pytorch as pl',
    'try:\n\tfrom torch import nn\nexcept ImportError:\n\tpass',
  ])('lets %j through', (text) => {
    expect(mayHoldModel('python', text)).toBe(true);
  });

  it.each(['', 'import os', '# import torch', 'x = "torch"', 'import pytorchy', 'from .torches import x', 'torch'])(
    'holds %j back',
    (text) => {
      expect(mayHoldModel('python', text)).toBe(false);
    },
  );

  it('knows no model language but those that are read', () => {
    expect(mayHoldModel('plaintext', 'import torch')).toBe(false);
  });

  it('takes a hostile megabyte in its stride', () => {
    const begin = performance.now();
    mayHoldModel('python', `import ${'a '.repeat(500_000)}`);
    mayHoldModel('python', 'import a\n'.repeat(100_000));
    expect(performance.now() - begin).toBeLessThan(500);
  });
});
