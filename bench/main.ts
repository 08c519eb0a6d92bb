import * as path from 'node:path';
import { Command } from 'commander';
import { benchDetection, type DetectionOptions } from './detection/detection';
import { machine } from './measure';
import { benchReading } from './reading';
import { addTraining } from './training/main';
import { benchRemedies, type RemedyOptions } from './remedies/remedies';

const dist = path.resolve(__dirname, '..', '..', 'dist');

async function main(): Promise<void> {
  const program = new Command('bench').description(
    'Measures the built product. Figures: least / median ms, least cpu ms.',
  );
  program
    .command('reading')
    .description('how long reading Python files takes')
    .option('--rounds <N>', 'runs of each size', '7')
    .action(async ({ rounds }: { rounds: string }) => {
      process.stdout.write(`${machine()}\n`);
      await benchReading(dist, Math.max(1, Number(rounds)));
    });
  addTraining(program, dist, path.resolve(dist, '..', 'bench', 'models'));
  program
    .command('remedies')
    .description('which remedies are proved for the unhealthy cases of the conformance pack')
    .argument('[ids...]', 'these cases alone')
    .option('--pack <DIR>', 'the pack', path.resolve(dist, '..', '..', 'shared', 'conformance'))
    .option('--out <DIR>', 'where edited files go', path.resolve(dist, '..', 'out', 'remedies'))
    .option('--torch <PYTHON>', 'a Python with PyTorch, to confirm edited files')
    .option('--all', 'print every remedy that was tried', false)
    .option('--write', 'write bench/REMEDIES.md', false)
    .action(async (only: string[], options: Omit<RemedyOptions, 'only' | 'dist' | 'root'>) => {
      await benchRemedies({ ...options, root: path.resolve(dist, '..'), dist, only });
    });
  program
    .command('detection')
    .description('what is said of the programs of a collection of bugs, against what its authors say')
    .argument('<DIR>', 'a copy of github.com/Wardat-ISU/DeepLocalize')
    .argument('[names...]', 'these cases alone')
    .option('--write', 'write bench/DETECTION.md', false)
    .action(async (collection: string, only: string[], { write }: Pick<DetectionOptions, 'write'>) => {
      await benchDetection(path.resolve(collection), { root: path.resolve(dist, '..'), dist, only, write });
    });
  await program.parseAsync(process.argv);
}

main().catch((error: unknown) => {
  process.stderr.write(`bench: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  process.exitCode = 1;
});
