import * as fs from 'node:fs';
import * as path from 'node:path';
import binaryen from 'binaryen';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildKernels } from '../../../../scripts/build/kernels.mjs';

const directory = path.resolve('dist', 'wasm');

/** Section ids of the binary format (WebAssembly core specification, 5.5). */
const SECTION = { import: 2, start: 8, code: 10, data: 11 };

/** The text form of a binary's functions. */
function disassemble(file: string): string {
  const module = binaryen.readBinary(fs.readFileSync(path.join(directory, file)));
  module.setFeatures(binaryen.Features.All);
  return module.emitText();
}

interface Parsed {
  sections: Map<number, Uint8Array>;
  imports: { module: string; name: string; kind: number }[];
}

class Cursor {
  at = 0;
  constructor(readonly bytes: Uint8Array) {}
  byte = (): number => this.bytes[this.at++]!;
  unsigned(): number {
    let result = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = this.byte();
      result += (byte & 127) * 2 ** shift;
      if (byte < 128) return result;
    }
  }
  take(length: number): Uint8Array {
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }
  name = (): string => Buffer.from(this.take(this.unsigned())).toString();
}

function parse(file: string): Parsed {
  const cursor = new Cursor(fs.readFileSync(path.join(directory, file)));
  cursor.at = 8;
  const sections = new Map<number, Uint8Array>();
  while (cursor.at < cursor.bytes.length) {
    const id = cursor.byte();
    sections.set(id, cursor.take(cursor.unsigned()));
  }
  const imports = new Cursor(sections.get(SECTION.import) ?? new Uint8Array([0]));
  const entries = Array.from({ length: imports.unsigned() }, () => {
    const [module, name, kind] = [imports.name(), imports.name(), imports.byte()];
    // Limits of a memory: flag, minimum, maximum where the flag says so.
    if (kind === 2 && imports.byte() % 2 === 1) imports.unsigned();
    imports.unsigned();
    return { module, name, kind };
  });
  return { sections, imports: entries };
}

describe.each(['kernels-simd.wasm', 'kernels-relaxed.wasm'])('%s', (file) => {
  beforeAll(buildKernels);

  it('imports the memory and nothing else', () => {
    expect(parse(file).imports).toEqual([{ module: 'env', name: 'memory', kind: 2 }]);
  });

  it('brings no data and starts nothing', () => {
    const { sections } = parse(file);
    expect(sections.has(SECTION.code)).toBe(true);
    expect([sections.has(SECTION.data), sections.has(SECTION.start)]).toEqual([false, false]);
  });

  it('never grows the memory', () => {
    // Searched in the text form, because the opcode's byte is a block type too.
    const text = disassemble(file);
    expect(text).toContain('f32x4.');
    expect(text).not.toContain('memory.grow');
  });

  it('fuses multiplication and addition only where it says so', () => {
    expect(disassemble(file).includes('relaxed_madd')).toBe(file.includes('relaxed'));
  });
});
