import { Command, InvalidArgumentError, Option } from 'commander';

export const CHECKS = ['structure', 'init', 'gradients', 'lines', 'verdict', 'brief', 'reduced', 'time'] as const;
export type Check = (typeof CHECKS)[number];

export interface Arguments {
  directory: string;
  only: string[];
  checks: Check[];
  json: boolean;
  /** A file that lists, per case, the checks that must pass; all else may fail. */
  expected: string | undefined;
}

const collect = (value: string, previous: string[]) => [...previous, value];

/** Parses the command line of the conformance run. */
export function parseArguments(argv: string[], defaultDirectory: string): Arguments {
  const program = new Command('conformance')
    .argument('[DIR]', 'folder of the pack', defaultDirectory)
    .option('--only <ID>', 'run this case (an id, or its beginning followed by *)', collect, [])
    .addOption(
      new Option('--check <NAME>', 'run this check')
        .argParser((value: string, previous: Check[]) => {
          const check = CHECKS.find((c) => c === value);
          if (!check) throw new InvalidArgumentError(`One of ${CHECKS.join(', ')}.`);
          return [...previous, check];
        })
        .default([]),
    )
    .option('--json', 'print one JSON object a line', false)
    .option('--expected <FILE>', 'fail only where a check of this list fails')
    .parse(argv);
  const options = program.opts<{ only: string[]; check: Check[]; json: boolean; expected?: string }>();
  return {
    directory: program.args[0] ?? defaultDirectory,
    only: options.only,
    checks: options.check.length > 0 ? options.check : [...CHECKS],
    json: options.json,
    expected: options.expected,
  };
}
