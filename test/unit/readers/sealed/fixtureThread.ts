import { parentPort, workerData } from 'node:worker_threads';
import type { ReaderApi, ReaderData } from '../../../../src/readers/python/readerThread';
import { foreignEntries } from '../../../../src/readers/python/sealed/functionTable';
import { SealedInterpreter } from '../../../../src/readers/python/sealed/interpreter';
import { Seal, type Wall } from '../../../../src/readers/python/sealed/seal';
import { SharedWhereabouts } from '../../../../src/readers/python/sealed/whereabouts';
import { serve } from '../../../../src/workers/serve';

/** The reader's thread with parts of its armour off. */
export interface FixtureData extends ReaderData {
  wall: 'open' | 'sealed';
}

export interface FixtureApi extends ReaderApi {
  /** Functions in the WebAssembly table that are not the module's own. */
  foreignFunctions(): number;
}

/** Lets everything through, as Pyodide comes. */
class OpenWall implements Wall {
  guard(imports: WebAssembly.Imports): WebAssembly.Imports {
    return imports;
  }
  close(): void {
    // Nothing to close.
  }
  exempt<T>(work: () => T): T {
    return work();
  }
  reset(): void {
    // Nothing is taken back.
  }
}

async function main(): Promise<void> {
  const { directory, module, snapshot, whereabouts: shared, wall: kind } = workerData as FixtureData;
  const whereabouts = new SharedWhereabouts(shared);
  const wall: Wall = kind === 'open' ? new OpenWall() : new Seal(whereabouts);
  let table: WebAssembly.Table | undefined;
  const close = wall.close.bind(wall);
  wall.close = (python) => {
    table = python.wasmTable;
    close(python);
  };
  const assets = { directory, module, snapshot };
  // Neither refusals nor a hidden bridge to JavaScript: the wall has to hold alone.
  const interpreter = await SealedInterpreter.boot({ assets, wall, whereabouts, prepare: 'Service()' });
  const imported = WebAssembly.Module.imports(module).filter((entry) => entry.kind === 'function').length;
  const api: FixtureApi = {
    read: (request) => interpreter.run(JSON.stringify(request), request.files),
    foreignFunctions: () => foreignEntries(table!, imported).length,
  };
  serve(parentPort!, api).ready();
}

void main().catch((error: unknown) => {
  setImmediate(() => {
    throw error;
  });
});
