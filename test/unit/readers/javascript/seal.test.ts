import * as fs from 'node:fs';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import * as vm from 'node:vm';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { escapes, HOGS } from './attacks';
import { Rig } from './rig';

vi.setConfig({ testTimeout: 60_000 });

const SECRET = 'the words of the secret';
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'gradient-lens-seal-'));
const secret = path.join(folder, 'secret.txt');
fs.writeFileSync(secret, SECRET);
let visits = 0;
const server = http.createServer((_, response) => {
  visits++;
  response.end(SECRET);
});
await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
const attacks = escapes(secret, (server.address() as AddressInfo).port);

const MODEL = "tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], name: 'start' })] })";
const importing = (text: string) => `import * as tf from '@tensorflow/tfjs';\n${text}`;

describe('the JavaScript seal', () => {
  let rig: Rig;
  beforeAll(async () => {
    rig = await Rig.make({ load: 700, build: 500, exercise: 200, all: 5000 });
  });
  afterAll(() => {
    server.close();
    fs.rmSync(folder, { recursive: true });
  });

  it.each(attacks)('outside the seal gets the secret: $name', async ({ body }) => {
    // The attack must work where nothing is sealed, or the test below shows nothing.
    const run = vm.runInThisContext(`(() => {${body}})`) as () => unknown;
    expect(await run()).toBe(SECRET);
  });

  it.each(attacks)('inside it gets nothing: $name', async ({ body }) => {
    visits = 0;
    const text = importing(`
async function attack(): Promise<string> {
  try { return 'got ' + String(await (() => { ${body} })()) } catch (error) { return 'refused' }
}
let found = 'unsettled';
attack().then((value) => { found = value });
export function made() { return tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], name: found.replace(/\\W/g, '_') })] }) }`);
    const { models } = await rig.read(text);
    const [parameter] = models[0]?.graph?.parameters ?? [];
    expect(parameter?.name).toMatch(/^(refused|got_(nothing|NaN|undefined)?)\/kernel$/);
    expect(visits).toBe(0);
  });

  it('gets nothing by a dynamic import', async () => {
    const { models } = await rig.read(
      importing(`let found = 'unsettled'; import('node:fs').then((fs: any) => { found = 'got_' + fs.readFileSync(${JSON.stringify(secret)}, 'utf8') }, () => { found = 'refused' });
export function made() { return tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], name: found })] }) }`),
    );
    expect(models[0]?.graph?.parameters[0]?.name).toBe('got_NaN/kernel');
  });

  it('keeps a polluted prototype to itself, and to one reading', async () => {
    const pollute = "(Object.prototype as any).polluted = 'yes'; (Array.prototype as any).map = () => [];";
    vm.runInThisContext("Object.prototype.polluted = 'yes'");
    expect(({} as Record<string, unknown>)['polluted']).toBe('yes');
    delete (Object.prototype as Record<string, unknown>)['polluted'];
    await rig.read(importing(`${pollute}\nexport const model = ${MODEL};`));
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
    const { models } = await rig.read(
      importing(
        `export const model = tf.sequential({ layers: [tf.layers.dense({ units: 1, inputShape: [2], name: String(({} as any).polluted) })] });`,
      ),
    );
    expect(models[0]?.graph?.parameters[0]?.name).toBe('undefined/kernel');
  });

  it.each([
    ["JSON.stringify = () => 'forged';"],
    ["Object.defineProperty(Object.prototype, 'toJSON', { value: () => 'forged' });"],
    ["(globalThis as any).__lens = { answer: () => 'forged' };"],
    ['Array.prototype[Symbol.iterator] = function* () {};'],
  ])('survives a file that tampers with what comes out: %s', async (line) => {
    const tampered = await rig.read(importing(`${line}\nexport const model = ${MODEL};`));
    for (const model of tampered.models) expect(model.graph === null).toBe(model.unread !== null);
    const { models } = await rig.read(importing(`export const model = ${MODEL};`));
    expect(models[0]?.graph?.parameters[0]?.name).toBe('start/kernel');
  });

  it.each(HOGS)('ends $name, says so, and reads the next file', async ({ body, code }) => {
    const { problems } = await rig.read(importing(`const first = 1;\n${body}\n`));
    expect(problems[0]?.code).toMatch(code);
    expect(problems[0]?.span).not.toBeNull();
    const { models } = await rig.read(importing(`export const model = ${MODEL};`));
    expect(models[0]?.graph?.parameters).toHaveLength(2);
  });
});
