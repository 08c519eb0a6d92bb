import { JavascriptWriter } from './javascript/javascriptWriter';
import { KerasJsonWriter } from './kerasJson/kerasJsonWriter';
import { KerasWriter } from './keras/kerasWriter';
import type { RemedyScope } from './scope';
import { TorchWriter } from './torch/torchWriter';
import { UltralyticsWriter } from './ultralytics/ultralyticsWriter';
import type { Writer } from './writer';

/** The language that the model's layers are written in, by the files that their places are in. */
const ENDINGS = {
  python: /\.(?:pyw?|ipynb)$/i,
  javascript: /\.[cm]?[jt]sx?$/i,
  json: /\.json$/i,
  yaml: /\.ya?ml$/i,
} as const;

/** A new writer for the language of the finding's source; null where none can write there (an archive). */
export function writerFor(scope: RemedyScope): Writer | null {
  const { path } = scope.finding.span;
  const { framework } = scope.graph;
  if (ENDINGS.python.test(path)) return framework === 'pytorch' ? new TorchWriter(scope) : new KerasWriter(scope);
  if (ENDINGS.javascript.test(path)) return new JavascriptWriter(scope);
  if (ENDINGS.json.test(path)) return new KerasJsonWriter(scope);
  if (ENDINGS.yaml.test(path)) return new UltralyticsWriter(scope);
  return null;
}
