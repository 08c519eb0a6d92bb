import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import type { ConformanceCase } from '../../test/conformance/case';

/** What real PyTorch says of an edited file: verdict by the pack's rule, smallest and largest log10 relative gradient. */
export interface Confirmation {
  verdict: string;
  smallest: number | null;
  yardstick: number | null;
}

/** Trains the edited model of a case in `python`, which must have PyTorch; null for what it cannot run. Throws what Python says. */
export function confirm(python: string, root: string, item: ConformanceCase, edited: string): Confirmation | null {
  if (item.framework !== 'pytorch' || !edited.endsWith('.py')) return null;
  const request = [
    { source: edited, entry: item.entry ?? item.variable, inputs: item.inputs, setup: item.health.setup },
  ];
  const { status, stdout, stderr } = spawnSync(python, [path.join(root, 'bench', 'remedies', 'confirm.py')], {
    input: JSON.stringify(request),
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${item.id}: ${stderr}`);
  const [confirmation] = JSON.parse(stdout) as Confirmation[];
  return confirmation ?? null;
}
