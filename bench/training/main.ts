import { spawnSync } from 'node:child_process';
import * as path from 'node:path';
import type { Command } from 'commander';
import { machine } from '../measure';
import { Bench, print, type Python } from './bench';
import { benchGrowth } from './growth';
import { benchStart } from './start';
import { benchSteps } from './steps';
import { benchCancel, benchLeak, benchReady } from './worker';

interface Options {
  python: string[];
  only: string[];
  parts: string[];
  rounds: string;
  diagnoses: string;
}

const PARTS = ['steps', 'start', 'growth', 'ready', 'cancel', 'leak'];
/** Where Debian's `python3-torch` puts it. */
const SYSTEM_PYTHON = '/usr/bin/python3';

export function addTraining(program: Command, dist: string, models: string): void {
  program
    .command('training')
    .description('how long training takes, beside PyTorch on one thread where it is installed')
    .option('--python <PATHS...>', `Pythons with torch (default: ${SYSTEM_PYTHON} if it has it)`, [])
    .option('--only <NAMES...>', 'models whose name holds one of these', [])
    .option('--parts <PARTS...>', `any of ${PARTS.join(', ')}`, PARTS)
    .option('--rounds <N>', 'turns of each side', '7')
    .option('--diagnoses <N>', 'in one thread, for the memory', '1000')
    .action(async (options: Options) => {
      print(machine());
      const bench = new Bench(dist, models, pythons(options.python), options.only);
      const rounds = Math.max(1, Number(options.rounds));
      try {
        await bench.prepare();
        if (options.parts.includes('steps')) await benchSteps(bench, rounds);
        if (options.parts.includes('start')) await benchStart(bench, rounds);
        if (options.parts.includes('growth')) await benchGrowth(bench, rounds);
        if (options.parts.includes('ready')) await benchReady(bench, rounds);
        if (options.parts.includes('cancel')) await benchCancel(bench, rounds);
        if (options.parts.includes('leak')) await benchLeak(bench, Number(options.diagnoses));
      } finally {
        await bench.dispose();
      }
    });
}

/** Those of the Pythons that have torch, with its version and linear algebra. */
function pythons(asked: readonly string[]): Python[] {
  return (asked.length > 0 ? asked : [SYSTEM_PYTHON]).flatMap((command) => {
    const { stdout, status } = spawnSync(command, ['-c', 'import torch; print(torch.__version__)'], {
      encoding: 'utf8',
    });
    if (status !== 0) {
      print(`${command}: no torch, left out`);
      return [];
    }
    return [{ command, label: `torch ${stdout.trim()} (${path.basename(command)})` }];
  });
}
