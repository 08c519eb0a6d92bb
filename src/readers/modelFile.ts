import { unzipSync } from 'fflate';

/** What a file holds for the readers, or why it holds nothing for them. */
export type ModelFile = { text: string } | { code: string; message: string };

/** Bytes of the largest topology that is unpacked; see the limit on JSON, which counts characters. */
const LARGEST_CONFIG = 64 * 1024 * 1024;

/** Formats of weights, by the end of the name: what to open instead. */
const WEIGHTS: Readonly<Record<string, string>> = {
  '.h5':
    'HDF5 files are not read. Save the model as `model.keras`, or its topology as JSON: `open("model.json", "w").write(model.to_json())`; or open the code that builds it.',
  '.pt': 'This file holds weights, not the code that builds the model. Open that code instead.',
  '.onnx': 'ONNX files hold a model made for running, without its initialisers. Open the code that builds it instead.',
  '.tflite':
    'TFLite files hold a model made for running, without its initialisers. Open the code that builds it instead.',
  '.pb':
    'This is a frozen graph, in which layers and initialisers are lost. Open the code that builds the model instead.',
};

const SAME_AS: Readonly<Record<string, string>> = {
  '.hdf5': '.h5',
  '.pth': '.pt',
  '.ckpt': '.pt',
  '.safetensors': '.pt',
};

const endOf = (path: string) => /\.[^./\\]+$/.exec(path)?.[0].toLowerCase() ?? '';

/** Whether a file of this name is an archive of Keras 3, whose topology `readModelFile` takes out. */
export const isKerasArchive = (path: string): boolean => endOf(path) === '.keras';

/**
 * The text of a file as the readers take it: of a `.keras` archive its `config.json`, laid out in lines; of any other its own, if it is
 * UTF-8. Never throws for what the bytes hold.
 */
export function readModelFile(path: string, bytes: Uint8Array): ModelFile {
  const end = endOf(path);
  if (isKerasArchive(path)) return unpack(bytes);
  const about = WEIGHTS[SAME_AS[end] ?? end];
  if (about !== undefined) return { code: 'unsupported', message: about };
  return decode(bytes) ?? { code: 'not-utf8', message: 'The file is not UTF-8 text. Save it as UTF-8.' };
}

function decode(bytes: Uint8Array): { text: string } | null {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
  } catch {
    return null;
  }
}

function unpack(bytes: Uint8Array): ModelFile {
  const sizes: number[] = [];
  let config: Uint8Array | undefined;
  try {
    // The size that the archive names is the size that is unpacked: what a bomb holds beyond it is dropped.
    const files = unzipSync(bytes, {
      filter: ({ name, originalSize }) => {
        if (name !== 'config.json') return false;
        sizes.push(originalSize);
        return originalSize <= LARGEST_CONFIG;
      },
    });
    config = files['config.json'];
  } catch {
    return {
      code: 'malformed',
      message: 'This is not a whole `.keras` archive: it cannot be unpacked. Save the model again.',
    };
  }
  if (sizes.some((size) => size > LARGEST_CONFIG))
    return { code: 'too-large', message: "The archive's `config.json` is larger than the topology of any model." };
  if (!config)
    return {
      code: 'malformed',
      message:
        'The archive holds no `config.json`, so it is no model that Keras 3 saved. Save it with `model.save("model.keras")`.',
    };
  const found = decode(config);
  if (!found)
    return { code: 'not-utf8', message: "The archive's `config.json` is not UTF-8 text. Save the model again." };
  return { text: laidOut(found.text) };
}

/** Keras writes one long line: in lines, a place can be shown. What is no JSON stays as it is; the reader says where it breaks off. */
function laidOut(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
