/**
 * Emscripten puts JavaScript functions that nobody imported into the WebAssembly table (some 260: WebGL, the console),
 * where an indirect call could reach them past the import table. The specification names a function of a module by its
 * index, imported ones first (JS API, "name of the WebAssembly function"); those that JavaScript put there come from
 * one-function modules, so their index is below the number of imports as well.
 */
export function foreignEntries(table: WebAssembly.Table, importedFunctions: number): number[] {
  const found: number[] = [];
  for (let index = 0; index < table.length; index++) {
    const entry: unknown = table.get(index);
    if (typeof entry === 'function' && !(Number(entry.name) >= importedFunctions)) found.push(index);
  }
  return found;
}

/** Leaves functions of the module's own alone; calling any other one traps from now on. */
export function removeForeignEntries(table: WebAssembly.Table, importedFunctions: number): void {
  for (const index of foreignEntries(table, importedFunctions)) table.set(index, null);
}
