import * as fs from 'node:fs';
import type { ModelGraph } from '../../src/graph/graph';
import { ReaderClient } from '../../src/workers/readerClient';
import { ReadingValidator } from '../../src/graph/validate';

export interface BenchModel {
  name: string;
  what: string;
  /** File of `bench/models`. */
  file: string;
  batch: number;
  /** Milliseconds a step that are asked for (design/training.md), measured on another machine; null where none are. */
  target: number | null;
}

export const MODELS: readonly BenchModel[] = [
  { name: 'MLP', what: '784-20x256-10, sigmoid', file: 'mlp.py', batch: 32, target: 10 },
  { name: 'CNN', what: 'ResNet-20, 32x32x3', file: 'resnet20.py', batch: 8, target: 72 },
  { name: 'LSTM', what: '64 steps, hidden 128', file: 'lstm.py', batch: 16, target: 23 },
  { name: 'Transformer', what: '4 layers, d 128, 64 tokens', file: 'transformer.py', batch: 8, target: 113 },
  { name: 'U-Net', what: '64x64x3, 16 to 128 channels', file: 'unet.py', batch: 4, target: null },
  { name: 'ViT', what: '6 layers, d 192, 65 tokens', file: 'vit.py', batch: 8, target: null },
  { name: 'MobileNet', what: 'V2, 64x64x3', file: 'mobilenet.py', batch: 8, target: null },
  { name: 'GRU', what: '2 layers, 64 steps, hidden 128', file: 'gru.py', batch: 16, target: null },
  { name: '3-D conv', what: '8x32x32x3, 16 to 128 channels', file: 'conv3d.py', batch: 4, target: null },
  { name: 'YOLO backbone', what: '128x128x3, C2f blocks and SPPF', file: 'yolo.py', batch: 2, target: null },
];

/** Reads model files with the product's own reader. */
export class GraphSource {
  readonly #client: ReaderClient;
  readonly #validator = new ReadingValidator();

  constructor(dist: string) {
    this.#client = new ReaderClient(dist, () => undefined, {
      timeout: 120_000,
      interrupt: 110_000,
      stall: 60_000,
      heap: 2 ** 27,
    });
  }

  fromFile(file: string, batch: number): Promise<ModelGraph> {
    return this.fromText(fs.readFileSync(file, 'utf8'), batch);
  }

  async fromText(text: string, batch: number): Promise<ModelGraph> {
    const request = { path: 'net.py', entry: 'Net', files: [{ path: 'net.py', text }], batch };
    const { models, problems } = this.#validator.result(await this.#client.read(request));
    const [model] = models;
    if (!model?.graph) throw new Error(`Not read: ${(model?.unread ?? problems[0])?.message ?? 'no reason is given'}`);
    return model.graph;
  }

  dispose(): Promise<void> {
    return this.#client.dispose();
  }
}
