/** Fills `target` with `quickjs.wasm` and `program.js`. */
export function buildJavascript(target?: string): Promise<void>;
/** esbuild options of bundles that hold QuickJS' loader. */
export const loaderOptions: { define: Record<string, string>; banner: { js: string } };
