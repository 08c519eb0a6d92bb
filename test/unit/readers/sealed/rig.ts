import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import * as esbuild from 'esbuild';
import * as fs from 'node:fs';
import * as path from 'node:path';
import type { Outcome } from '../../../../src/readers/python/sealed/interpreter';
import type { ReaderData } from '../../../../src/readers/python/readerThread';
import { SharedWhereabouts } from '../../../../src/readers/python/sealed/whereabouts';
import { SupervisedWorker } from '../../../../src/workers/supervisor';
import type { FixtureApi, FixtureData } from './fixtureThread';

const root = path.resolve(import.meta.dirname, '..', '..', '..', '..');

/** `product`: the thread that ships; `sealed`: its wall alone; `open`: Pyodide as it comes. */
export type Armour = 'product' | 'sealed' | 'open';

/** The shipping interpreter around the test's own `gradient_lens.reader`, which runs a file as it is. */
export class Rig {
  private readonly workers: SupervisedWorker<FixtureApi>[] = [];

  private constructor(
    readonly folder: string,
    private readonly data: Omit<ReaderData, 'whereabouts'>,
  ) {}

  static async build(folder: string): Promise<Rig> {
    const directory = path.join(root, 'dist', 'python');
    const packages = path.join(folder, 'packages');
    fs.cpSync(path.join(import.meta.dirname, 'packages'), packages, { recursive: true });
    const sandbox = 'gradient_lens_sandbox';
    fs.cpSync(path.join(root, 'src/readers/python/packages', sandbox), path.join(packages, sandbox), {
      recursive: true,
    });
    await promisify(execFile)(process.execPath, [path.join(import.meta.dirname, 'snapshot.mjs'), directory, folder]);
    const stored = fs.readFileSync(path.join(folder, 'snapshot.bin'));
    const snapshot = new Uint8Array(new SharedArrayBuffer(stored.length));
    snapshot.set(stored);
    const module = await WebAssembly.compile(fs.readFileSync(path.join(directory, 'pyodide.asm.wasm')));
    await esbuild.build({
      entryPoints: {
        fixture: path.join(import.meta.dirname, 'fixtureThread.ts'),
        product: path.join(root, 'src', 'workers', 'reader.ts'),
      },
      outdir: folder,
      outExtension: { '.js': '.cjs' },
      bundle: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
    });
    return new Rig(folder, { directory, module, snapshot });
  }

  /** A folder laid out like `dist/`. */
  distribution(): string {
    const python = path.join(this.folder, 'python');
    fs.mkdirSync(python);
    for (const name of fs.readdirSync(this.data.directory)) {
      if (name !== 'snapshot.bin') fs.symlinkSync(path.join(this.data.directory, name), path.join(python, name));
    }
    fs.renameSync(path.join(this.folder, 'snapshot.bin'), path.join(python, 'snapshot.bin'));
    fs.renameSync(path.join(this.folder, 'product.cjs'), path.join(this.folder, 'reader.js'));
    return this.folder;
  }

  interpreter(armour: Armour): Subject {
    const whereabouts = new SharedWhereabouts();
    const data = { ...this.data, whereabouts: whereabouts.buffer };
    const wall = armour === 'open' ? 'open' : 'sealed';
    const worker = new SupervisedWorker<FixtureApi>({
      name: armour,
      file: path.join(this.folder, armour === 'product' ? 'product.cjs' : 'fixture.cjs'),
      workerData: armour === 'product' ? data : ({ ...data, wall } satisfies FixtureData),
      heapMegabytes: 256,
      stackMegabytes: 64,
    });
    this.workers.push(worker);
    return new Subject(worker, whereabouts);
  }

  async dispose(): Promise<void> {
    await Promise.all(this.workers.map((worker) => worker.dispose()));
  }
}

/** What a file ended with: its `result`, the exception it raised, or how it brought the interpreter down. */
export interface Ending {
  result?: string;
  error?: string;
  message?: string;
  line?: number | null;
  code?: string | null;
  trap?: string;
  output: string;
}

export class Subject {
  constructor(
    readonly worker: SupervisedWorker<FixtureApi>,
    readonly whereabouts: SharedWhereabouts,
  ) {}

  run(source: string, timeout = 30_000): Promise<Outcome> {
    return this.worker.call('read', [{ path: 'a.py', files: [{ path: 'a.py', text: source }], batch: 1 }], { timeout });
  }

  async ending(source: string, timeout?: number): Promise<Ending> {
    const outcome = await this.run(source, timeout);
    const { output } = outcome;
    if (outcome.kind === 'trapped') return { trap: outcome.reason, message: outcome.detail, output };
    return { ...(JSON.parse(outcome.answer) as object), output };
  }
}
