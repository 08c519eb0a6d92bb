import type { ReadRequest, ReadResult } from '../graph/reading';
import { fileKind } from './fileKind';
import { readKerasJson } from './kerasJson/kerasJsonReader';
import { readUltralytics } from './ultralytics/ultralyticsReader';

/** Reads a file that declares a model as data; nothing is run. Never throws for what the file holds. */
export function readDeclared(request: ReadRequest): ReadResult {
  switch (fileKind(request.path)) {
    case 'json':
      return readKerasJson(request);
    case 'yaml':
      return readUltralytics(request);
    case 'python':
    case 'javascript':
      return { problems: [], models: [], files: [request.path] };
  }
}
