import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { buildJavascript } from '../../../../scripts/build/javascript.mjs';
import { JavascriptReader } from '../../../../src/readers/javascript/javascriptReader';
import type { InterpreterAssets } from '../../../../src/readers/javascript/sealed/interpreter';
import type { TracingLimits } from '../../../../src/readers/javascript/tracing';
import type { ReadRequest, ReadResult } from '../../../../src/graph/reading';

/** The interpreter and its program, built into a folder of the test's own. */
export async function assets(): Promise<InterpreterAssets> {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradient-lens-javascript-'));
  try {
    await buildJavascript(folder);
    return {
      module: await WebAssembly.compile(fs.readFileSync(path.join(folder, 'quickjs.wasm'))),
      program: fs.readFileSync(path.join(folder, 'program.js'), 'utf8'),
    };
  } finally {
    fs.rmSync(folder, { recursive: true });
  }
}

/** A reader with one request at a time, cleaned up after each. */
export class Rig {
  private constructor(private readonly reader: JavascriptReader) {}

  static async make(limits?: TracingLimits): Promise<Rig> {
    return new Rig(new JavascriptReader(await assets(), limits));
  }

  async read(text: string, more: Partial<ReadRequest> & { path?: string } = {}): Promise<ReadResult> {
    const file = more.path ?? 'model.ts';
    const request = { batch: 4, ...more, path: file, files: [{ path: file, text }, ...(more.files ?? [])] };
    const result = await this.reader.read(request);
    this.reader.reset();
    return result;
  }
}
