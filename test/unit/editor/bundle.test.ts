import * as esbuild from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';

describe("the extension host's bundle", () => {
  let inputs: string[];
  let bytes: number;

  beforeAll(async () => {
    const { metafile } = await esbuild.build({
      entryPoints: ['src/extension.ts'],
      bundle: true,
      minify: true,
      keepNames: true,
      platform: 'node',
      target: 'node20',
      format: 'cjs',
      external: ['vscode'],
      outfile: 'extension.js',
      metafile: true,
      write: false,
    });
    inputs = Object.keys(metafile.inputs);
    bytes = metafile.outputs['extension.js']!.bytes;
  });

  it('is under 150 KB', () => {
    expect(bytes).toBeGreaterThan(1_000);
    expect(bytes).toBeLessThan(150_000);
  });

  it('holds neither TensorFlow.js nor Pyodide nor anything that reads, trains or judges', () => {
    const packages = new Set(
      inputs.map((file) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]).filter(Boolean),
    );
    expect([...packages]).toEqual(['birpc']);
    const foreign = /^src\/(readers|training|diagnosis|remedies|pipeline|cli)\//;
    expect(inputs.filter((file) => foreign.test(file))).toEqual([]);
  });
});
