/** Compiles the kernels and copies tfjs' binary to dist/wasm, where something changed. */
export function buildKernels(): Promise<void>;
