import { isUnknown, type Unknowns } from './unknowns';

type Table = Record<string, unknown>;
type AnyFunction = (...given: unknown[]) => unknown;

const isRecord = (value: unknown): value is Table =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const camelCase = (name: string) => name.replace(/-+([A-Za-z0-9])/g, (_, letter: string) => letter.toUpperCase());

/** Stand-ins for the packages that read a command line: what they give are the defaults that the file itself writes down. */
export function commandLinePackages(unknowns: Unknowns): Readonly<Record<string, unknown>> {
  const argparse = { ArgumentParser: argumentParser(unknowns) };
  const command = commander(unknowns);
  return {
    argparse: withRest(unknowns, 'argparse', argparse),
    commander: withRest(unknowns, 'commander', { program: command, Command: () => commander(unknowns), ...command }),
    yargs: yargs(unknowns),
    'yargs/yargs': yargs(unknowns),
    minimist: (_: unknown, options: unknown) => minimist(unknowns, options),
  };
}

/** `known`, and unknown values for all else that is asked of it. */
function withRest(unknowns: Unknowns, name: string, known: Table): unknown {
  return unknowns.make({ name, known });
}

/** Options by name; those that have no default are unknown only where the program cannot do without them. */
class Options {
  readonly #values: Table = {};

  constructor(
    private readonly unknowns: Unknowns,
    private readonly absent: unknown,
  ) {}

  declare(name: string, options: Table, isNeeded: boolean): void {
    const given = options['defaultValue'] ?? options['default'];
    const isSwitch = /^store_?true$/i.test(asText(options['action'])) || options['type'] === 'boolean';
    if (given !== undefined && !isUnknown(given)) this.#values[name] = given;
    else if (isSwitch) this.#values[name] = false;
    else this.#values[name] = isNeeded ? this.unknowns.make({ name }) : this.absent;
  }

  set(name: string, value: unknown): void {
    this.#values[name] = value;
  }

  /** An object that gives unknown values for names that nobody declared. */
  values(): unknown {
    return { ...this.#values };
  }
}

const asText = (value: unknown) => (typeof value === 'string' ? value : '');

/** argparse for Node.js, in the spelling of its first and of its second version. */
function argumentParser(unknowns: Unknowns): AnyFunction {
  return function () {
    const options = new Options(unknowns, null);
    const add = (first: unknown, ...rest: unknown[]): void => {
      const names = [first, ...rest].flat().filter((name): name is string => typeof name === 'string');
      const given = rest.find(isRecord) ?? {};
      const long = names.find((name) => name.startsWith('--')) ?? names[0];
      if (long === undefined) return;
      const plain = long.replace(/^-+/, '').replaceAll('-', '_');
      options.declare(asText(given['dest']) || plain, given, !long.startsWith('-') || given['required'] === true);
    };
    return unknowns.make({
      name: 'parser',
      known: {
        addArgument: add,
        add_argument: add,
        parseArgs: () => options.values(),
        parse_args: () => options.values(),
        parseKnownArgs: () => [options.values(), []],
        parse_known_args: () => [options.values(), []],
      },
    });
  };
}

/** commander: `.option('-e, --epochs <n>', text, parse?, default?)`. */
function commander(unknowns: Unknowns): Table {
  const options = new Options(unknowns, undefined);
  const declare = (flags: unknown, ...rest: unknown[]): void => {
    const long = /--(no-)?([\w-]+)/.exec(asText(flags));
    const name = long?.[2];
    if (name === undefined) return;
    const isSwitch = !/[<[]/.test(asText(flags));
    const given = rest.slice(1).findLast((value) => typeof value !== 'function');
    if (long?.[1] !== undefined) options.set(camelCase(name), true);
    else options.declare(camelCase(name), { default: given }, !isSwitch && false);
  };
  const chain = (...given: unknown[]): unknown => {
    if (typeof given[0] === 'string' && given[0].includes('--')) declare(...(given as [unknown, ...unknown[]]));
    return self;
  };
  const names = [
    'option',
    'requiredOption',
    'name',
    'version',
    'description',
    'usage',
    'argument',
    'arguments',
    'parse',
  ];
  const known: Table = {
    ...Object.fromEntries(names.map((name) => [name, chain])),
    parseAsync: () => Promise.resolve(self),
    opts: () => options.values(),
  };
  const self: unknown = unknowns.make({ name: 'program', known });
  return known;
}

/** yargs, as a function and as an object: `.option(name, {default})`, `.default(name, value)`, `.argv`. */
function yargs(unknowns: Unknowns): unknown {
  const options = new Options(unknowns, undefined);
  const declare = (name: unknown, given: unknown): unknown => {
    if (isRecord(name)) for (const [key, value] of Object.entries(name)) declare(key, value);
    else if (typeof name === 'string') {
      options.declare(name, isRecord(given) ? given : {}, isRecord(given) && given['demandOption'] === true);
      options.declare(camelCase(name), isRecord(given) ? given : {}, false);
    }
    return self;
  };
  const preset = (name: unknown, value: unknown): unknown => {
    if (typeof name === 'string') options.set(name, value);
    return self;
  };
  const known: Table = { option: declare, options: declare, default: preset, parse: () => options.values() };
  Object.defineProperty(known, 'argv', { get: () => options.values(), enumerable: true });
  for (const name of ['usage', 'help', 'alias', 'describe', 'version', 'strict', 'demandOption', 'example', 'boolean'])
    known[name] = () => self;
  for (const name of ['number', 'string']) known[name] = () => self;
  const self: unknown = unknowns.make({ name: 'yargs', known });
  return Object.assign(() => self, known, { argv: known['argv'] });
}

function minimist(unknowns: Unknowns, options: unknown): unknown {
  const given = isRecord(options) && isRecord(options['default']) ? options['default'] : {};
  return unknowns.make({ name: 'argv', known: { _: [], ...given } });
}
