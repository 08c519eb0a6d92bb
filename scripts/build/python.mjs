export async function buildPython() {}
