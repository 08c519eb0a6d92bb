export async function buildKernels() {}
