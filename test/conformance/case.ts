import * as fs from 'node:fs';
import * as path from 'node:path';
import type { LossKind } from '../../src/graph/graph';

export interface CaseParameter {
  name: string;
  shape: number[];
  gradNorm?: number;
  initStd: number;
  line: number | { cell: number; line: number };
  used?: boolean;
  trainable?: boolean;
}

export interface CaseSetup {
  batch: number;
  /** One for all outputs, or one each. */
  loss: LossKind | LossKind[];
  use?: number[];
  seeds?: number;
}

/** One file of `cases/`; the pack's README says what the fields mean. */
export interface ConformanceCase {
  id: string;
  framework: string;
  source: string;
  entry?: string | null;
  variable?: string;
  inputs: { shape: number[]; kind: 'float' | 'int'; high?: number | undefined }[];
  expect: { loss: number; outputs: number[][]; outputNorms: number[]; parameters: CaseParameter[] };
  health: {
    setup: CaseSetup;
    verdict: string;
    flagged: string[];
    borderline: string[];
    lines: (number | { cell: number; line: number })[];
    strength: 'clear' | 'hard' | 'ambiguous';
    timeVerdict?: 'vanishing' | 'healthy';
    reference: {
      parameters: { name: string; start: number | null; late: number | null }[];
      /** By recurrent layer; only where there is one. */
      time?: Record<string, { log10: number[]; 'lagBelow1e-2': number | null }>;
    };
  };
}

/** All cases of a pack, in the order of their ids. Throws where the folder holds none. */
export function loadCases(directory: string): ConformanceCase[] {
  const folder = path.join(directory, 'cases');
  const cases = fs
    .readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .sort()
    .map((name) => JSON.parse(fs.readFileSync(path.join(folder, name), 'utf8')) as ConformanceCase);
  if (cases.length === 0) throw new Error(`no cases in ${folder}`);
  return cases;
}
