import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { isatty } from 'node:tty';
import { Command, InvalidArgumentError, Option } from 'commander';
import type { InputRequest } from '../graph/reading';
import { Engine } from '../workers/engineCore';
import { withoutFlow } from '../report/withoutFlow';
import { check } from './check';
import { exitCode } from './exitCode';
import type { RuleLevels } from '../silencing/rules';
import { parseInput, parseRule, seconds, wholeNumber } from './inputs';
import { ProgressBar } from './progress';
import { TextReport } from './text';
import { readNotebook } from '../readers/notebook/notebook';

interface CheckOptions {
  format: 'text' | 'json';
  steps?: number;
  seed?: number;
  budget?: number;
  entry?: string;
  input?: InputRequest[];
  fixes: boolean;
  flow: boolean;
  rule?: RuleLevels;
}

/** Exit code for a usage error and for anything that could not be read. */
const NOT_READ = 2;

async function main(): Promise<void> {
  const program = new Command('gradient-lens')
    .description('Finds the layers of a network whose gradients vanish, says why, and tries fixes.')
    .version(version())
    .showHelpAfterError()
    .exitOverride((error) => process.exit(error.exitCode === 0 ? 0 : NOT_READ));
  program
    .command('check')
    .description('Reads the models in files and folders, trains each briefly, and reports.')
    .argument('<path...>', 'files, or folders to search for them')
    .addOption(new Option('--format <format>', 'how to print the report').choices(['text', 'json']).default('text'))
    .option('--steps <n>', 'training steps a seed (default: 31)', wholeNumber(1))
    .option('--seed <n>', 'first seed (default: 0)', wholeNumber(0))
    .option(
      '--budget <seconds>',
      'time that training one seed is planned for, and cut off at twice that (default: 3)',
      seconds,
    )
    .option('--entry <expression>', 'read this expression alone, e.g. "Net(depth=3)"; goes with one file')
    .option(
      '--input <shape>',
      'shape of the next input, batch first, e.g. 2,3,32,32 or "2,24:int<60"; once per input',
      parseInput,
    )
    .option('--rule <code=level>', `what a rule's findings are: warning, information or off; once per rule`, parseRule)
    .option('--no-fixes', 'do not try remedies')
    .option('--flow', 'with --format json: also the figures of each step and the shape of the model', false)
    .addHelpText('after', '\nExit code: 2 where something could not be read, else 1 where there is a warning, else 0.')
    .action(run);
  await program.parseAsync();
}

async function run(paths: string[], options: CheckOptions): Promise<void> {
  const single = paths.length === 1 && fs.statSync(paths[0] ?? '', { throwIfNoEntry: false })?.isDirectory() !== true;
  if ((options.entry !== undefined || options.input !== undefined) && !single)
    throw new InvalidArgumentError('--entry and --input go with one file.');
  const engine = new Engine({
    directory: __dirname,
    roots: [process.cwd()],
    // The command line has the machine for itself.
    trainers: os.availableParallelism(),
    log: () => undefined,
  });
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  let bar: ProgressBar | null = null;
  try {
    const { report, texts } = await check(
      engine,
      paths,
      {
        steps: options.steps,
        seed: options.seed,
        budget: options.budget,
        entry: options.entry,
        inputs: options.input,
        prove: options.fixes,
        rules: options.rule,
      },
      {
        started: (files) => (bar = new ProgressBar(process.stderr, files)),
        progress: (file, progress) => bar?.show(file, progress),
        fileDone: () => bar?.fileDone(),
      },
      interrupted.signal,
    );
    bar = stopped(bar);
    // Not `process.stdout.isTTY`: it is undefined behind a pipe, which picocolors takes for "decide yourself".
    const colours = isatty(process.stdout.fd) && process.env['NO_COLOR'] === undefined;
    const text =
      options.format === 'json'
        ? JSON.stringify(options.flow ? report : withoutFlow(report), null, 2) + '\n'
        : new TextReport(colours, (p, cell) => shownText(p, texts.get(p), cell)).report(report);
    await new Promise<void>((resolve) => process.stdout.write(text, () => resolve()));
    process.exitCode = exitCode(report);
  } finally {
    stopped(bar);
    await engine.dispose();
  }
}

/** The text that places count in. A notebook's own text, outside its cells, is not for reading: a line of it can hold a picture. */
function shownText(file: string, text: string | undefined, cell: number | undefined): string | undefined {
  if (text === undefined || !file.endsWith('.ipynb')) return text;
  const cells = readNotebook(text, file);
  return Array.isArray(cells) ? cells.find((candidate) => candidate.cell === cell)?.source : undefined;
}

function stopped(bar: ProgressBar | null): null {
  bar?.stop();
  return null;
}

function version(): string {
  const manifest = JSON.parse(fs.readFileSync(path.join(__dirname, '..', 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

main().catch((error: unknown) => {
  process.stderr.write(`gradient-lens: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = NOT_READ;
});
