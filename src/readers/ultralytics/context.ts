import type { Tensor } from '../graphBuilder';
import { Unreadable } from '../unreadable';
import type { AreaForm } from './blocks/areaAttention';
import type { Scaling } from './scaling';
import type { Activation } from './scope';

/**
 * Whose modules the names stand for. YOLOv5's own repository writes the same format, but its heads work with anchors and its
 * bottleneck begins with a 1x1 convolution.
 */
export type Family = 'ultralytics' | 'yolov5';

/** The class names of an open-vocabulary model, as features: [N, classes, width]. */
export class TextFeatures {
  #tensors: { first: Tensor; current: Tensor } | null = null;

  constructor(readonly width: number) {}

  set first(text: Tensor) {
    this.#tensors = { first: text, current: text };
  }

  /** As they came in. */
  get first(): Tensor {
    return this.#given().first;
  }

  /** As the last module that changes them left them. */
  get current(): Tensor {
    return this.#given().current;
  }

  set current(text: Tensor) {
    this.#given().current = text;
  }

  #given(): { first: Tensor; current: Tensor } {
    if (this.#tensors === null) throw new Unreadable('bad-argument', 'This module needs text features.');
    return this.#tensors;
  }
}

/** What the model around a row says. */
export interface ModelContext {
  scaling: Scaling;
  parseActivation: (text: string) => Activation;
  family: Family;
  areaForm: AreaForm;
  /** The class branch of models before YOLO11: plain convolutions. */
  legacy: boolean;
  pictureHeight: number;
  /** Pixels a side that a head's maps must have: batch statistics over less are noise. */
  smallestMap: number;
  /** Width of the row before this one. */
  previousWidth: number;
  text: TextFeatures;
}
