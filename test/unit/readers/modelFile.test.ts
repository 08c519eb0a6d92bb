import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readDeclared } from '../../../src/readers/declared';
import { readModelFile } from '../../../src/readers/modelFile';

const config = {
  module: 'keras',
  class_name: 'Sequential',
  config: {
    name: 'net',
    layers: [
      { class_name: 'InputLayer', config: { batch_shape: [null, 3], name: 'in' } },
      { class_name: 'Dense', config: { name: 'd', units: 4, activation: 'sigmoid' } },
    ],
  },
  registered_name: 'Sequential',
};
const archive = (files: Record<string, string>) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));
const whole = archive({ 'metadata.json': '{}', 'config.json': JSON.stringify(config), 'model.weights.h5': 'x' });
const textOf = (path: string, bytes: Uint8Array) => {
  const found = readModelFile(path, bytes);
  return 'text' in found ? found.text : '';
};
const refusal = (path: string, bytes: Uint8Array) => {
  const found = readModelFile(path, bytes);
  return 'code' in found ? found : null;
};

describe('a .keras archive', () => {
  it('is read by its config.json, with places in lines and weights that are not judged', () => {
    const text = textOf('net.keras', whole);
    const [model] = readDeclared({ path: 'net.keras', files: [{ path: 'net.keras', text }], batch: 2 }).models;
    expect(model?.unread).toBeNull();
    const [kernel] = model?.graph?.parameters ?? [];
    expect(kernel).toMatchObject({
      name: 'd/kernel',
      initialiserOrigin: 'checkpoint',
      initialiser: { kind: 'unknown' },
    });
    expect(text.split('\n')[kernel?.span?.range.start.line ?? -1]).toContain('"Dense"');
  });

  it('is refused where it is cut off, empty, or no text', () => {
    expect(refusal('net.keras', whole.slice(0, whole.length / 2))?.code).toBe('malformed');
    expect(refusal('net.keras', archive({ 'readme.txt': 'x' }))?.message).toContain('config.json');
    const bytes = zipSync({ 'config.json': new Uint8Array([0xff, 0xfe, 0x00]) });
    expect(refusal('net.keras', bytes)?.code).toBe('not-utf8');
  });

  it('unpacks no bomb', () => {
    const bomb = zipSync({ 'config.json': new Uint8Array(80 * 1024 * 1024) });
    expect(bomb.length).toBeLessThan(1024 * 1024);
    expect(refusal('net.keras', bomb)?.code).toBe('too-large');
  });
});

describe('other files', () => {
  it('of weights say what to open instead', () => {
    for (const path of ['w.h5', 'w.hdf5', 'w.PTH', 'w.onnx', 'w.tflite', 'w.safetensors', 'w.pb'])
      expect(refusal(path, strToU8('x'))).toMatchObject({ code: 'unsupported' });
    expect(refusal('w.hdf5', strToU8('x'))?.message).toContain('to_json');
  });

  it('are text, if they are UTF-8', () => {
    expect(textOf('net.json', strToU8('{"ä": 1}'))).toBe('{"ä": 1}');
    expect(refusal('net.json', new Uint8Array([0x7b, 0xe4, 0x7d]))?.code).toBe('not-utf8');
  });
});
