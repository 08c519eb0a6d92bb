import * as fs from 'node:fs';
import * as net from 'node:net';
import * as os from 'node:os';
import * as path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { escapes } from './attacks';
import { type Armour, Rig, type Subject } from './rig';

vi.setConfig({ testTimeout: 60_000 });
const SECRET = 'HOST-SECRET-6c1e';
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'seal-'));
const secret = path.join(folder, 'secret', 'host.txt');
const marker = path.join(folder, 'secret', 'copied.txt');
const server = net.createServer((socket) => {
  hits += 1;
  socket.destroy();
});
let hits = 0;
let rig: Rig;
const subjects = new Map<Armour, Subject>();

// The attacks must be known before the tests run; the port is the only part that is not.
const PORT = 20_000 + (process.pid % 20_000);
const attacks = escapes({ secret, marker, port: PORT });

beforeAll(async () => {
  fs.mkdirSync(path.dirname(secret));
  fs.writeFileSync(secret, SECRET);
  await new Promise<void>((resolve) => server.listen(PORT, '127.0.0.1', resolve));
  rig = await Rig.build(folder);
  for (const armour of ['open', 'sealed', 'product'] as const) subjects.set(armour, rig.interpreter(armour));
}, 60_000);

afterAll(async () => {
  await rig.dispose();
  server.close();
  fs.rmSync(folder, { recursive: true });
});

/** Runs the attack and says by which way it came through, or null. */
async function attack(armour: Armour, source: string): Promise<string | null> {
  hits = 0;
  fs.rmSync(marker, { force: true });
  const subject = subjects.get(armour)!;
  const seen = await subject.run(source).then(JSON.stringify, String);
  // What was set off may come a little later.
  for (let wait = 0; wait < (armour === 'open' ? 20 : 3); wait++) {
    if (seen.includes(SECRET)) return 'read the secret';
    if (fs.existsSync(marker)) return 'wrote a file';
    if (hits > 0) return 'reached the network';
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return null;
}

describe.each(attacks)('$name', ({ source, opens }) => {
  it(opens ? 'gets out of the open interpreter' : 'has no way out even of the open interpreter', async () => {
    const way = await attack('open', source);
    if (opens) expect(way).not.toBeNull();
    else expect(way).toBeNull();
  });

  it.each(['sealed', 'product'] as const)(
    'does not get out of the %s one, and the next file is read',
    async (armour) => {
      expect(await attack(armour, source)).toBeNull();
      const next = await subjects.get(armour)!.ending('result = 6 * 7');
      expect(next.result).toBe('42');
    },
  );
});

describe('the function table', () => {
  it('holds functions of JavaScript in the open interpreter, and none in the sealed one', async () => {
    expect(await subjects.get('open')!.worker.call('foreignFunctions', [])).toBeGreaterThan(100);
    expect(await subjects.get('sealed')!.worker.call('foreignFunctions', [])).toBe(0);
  });
});
