/** JavaScript that tries to get out of its interpreter. Each body returns, or promises, what it got hold of. */
export interface Attack {
  name: string;
  body: string;
}

export function escapes(secret: string, port: number): Attack[] {
  const file = JSON.stringify(secret);
  const steal = `process.getBuiltinModule('fs').readFileSync(${file}, 'utf8')`;
  return [
    {
      name: 'the function constructor behind an object',
      body: `return ({}).constructor.constructor(${JSON.stringify(`return ${steal}`)})()`,
    },
    { name: 'indirect eval', body: `return (0, eval)(${JSON.stringify(steal)})` },
    { name: 'a built-in module of the process', body: `return ${steal}` },
    { name: 'an internal binding', body: `return process.binding('fs').readFileUtf8(${file}, 0)` },
    {
      name: 'probing every global',
      body: `for (const name of Object.getOwnPropertyNames(globalThis)) { try { const got = globalThis[name]?.getBuiltinModule?.('fs')?.readFileSync?.(${file}, 'utf8'); if (typeof got === 'string') return got; } catch {} } return 'nothing'`,
    },
    {
      name: 'the constructor of an error',
      body: `try { null.x } catch (error) { return error.constructor.constructor(${JSON.stringify(`return ${steal}`)})() }`,
    },
    {
      name: 'the constructor of an async function',
      body: `return (async () => {}).constructor(${JSON.stringify(`return ${steal}`)})()`,
    },
    { name: 'the network', body: `return fetch('http://127.0.0.1:${port}/').then((answer) => answer.text())` },
  ];
}

/** Code that would use up the host, and what is said about it. */
export const HOGS: readonly (Attack & { code: RegExp })[] = [
  { name: 'an endless loop', body: 'while (true) {}', code: /timeout/ },
  { name: 'a loop that swallows every error', body: 'while (true) { try { null.x } catch {} }', code: /timeout/ },
  {
    name: 'typed arrays',
    body: 'const all = []; while (true) all.push(new Uint8Array(1 << 20).fill(1))',
    code: /runtime-error|out-of-memory|timeout/,
  },
  {
    name: 'a string that doubles',
    body: 'let text = "x"; while (true) text += text',
    code: /runtime-error|out-of-memory|timeout/,
  },
  {
    name: 'small objects',
    body: 'const all = []; while (true) all.push({ all })',
    code: /runtime-error|out-of-memory|timeout/,
  },
  { name: 'recursion', body: 'function down() { return 1 + down() } down()', code: /runtime-error|out-of-memory/ },
];
