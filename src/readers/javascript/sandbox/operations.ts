import * as tfc from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/public/chained_ops/register_all_chained_ops';
import { datumOf } from './tensors/datum';
import { isUnknown, type Unknowns } from './unknowns';

type Callable = (...given: unknown[]) => unknown;
type Namespace = Record<string, unknown>;

/** Functions of tfjs-core that are no operations on tensors, or that do nothing here. */
const IDLE = [
  'enableProdMode',
  'enableDebugMode',
  'disableDeprecationWarnings',
  'dispose',
  'disposeVariables',
  'setPlatform',
  'registerKernel',
  'registerGradient',
  'registerBackend',
  'removeBackend',
];
const LATER = ['ready', 'setBackend'];
/** Frames that are waited for; an animation goes on for ever. */
const MOST_FRAMES = 50;
const GIVEN_BACK = ['keep'];
const CREATORS = /^(tensor[1-6]?d?|zeros|ones|fill|randomNormal|randomUniform|truncatedNormal|randomStandardNormal)$/;
const SEEN = 64;

/** Whether an argument is, or holds near its top, an unknown value or a number that came from one. */
function holdsUnknown(value: unknown, depth = 0): boolean {
  if (isUnknown(value) || (typeof value === 'number' && Number.isNaN(value))) return true;
  if (typeof value !== 'object' || value === null || depth > 3 || value instanceof tfc.Tensor) return false;
  if (Array.isArray(value)) return value.slice(0, SEEN).some((item) => holdsUnknown(item, depth + 1));
  if (Object.getPrototypeOf(value) !== Object.prototype) return false;
  return Object.values(value)
    .slice(0, SEEN)
    .some((item) => holdsUnknown(item, depth + 1));
}

/** An operation that this program has no row for. */
export class MissingKernel extends Error {
  override readonly name = 'MissingKernel';
}

/** All operations of tfjs-core, run on shapes; given something unknown they give something unknown. */
export class Operations {
  /** Whether an operation without a row is an error instead of something unknown: while a layer is followed. */
  strict = false;

  constructor(private readonly unknowns: Unknowns) {
    this.#mixMethods();
  }

  namespace(): Namespace {
    const found: Namespace = {};
    for (const [name, member] of Object.entries(tfc as Namespace)) {
      if (typeof member !== 'function') continue;
      found[name] = /^[a-z]/.test(name) ? this.operation(name, member as Callable) : member;
    }
    for (const name of ['image', 'linalg', 'losses', 'signal', 'spectral'] as const)
      found[name] = Object.fromEntries(
        Object.entries(tfc[name] as Namespace).map(([key, member]) => [key, this.operation(key, member as Callable)]),
      );
    const { unknowns } = this;
    for (const name of IDLE) found[name] = () => undefined;
    for (const name of LATER) found[name] = () => Promise.resolve(true);
    let frames = 0;
    const never = new Promise<never>(() => undefined);
    found['nextFrame'] = () => (frames++ < MOST_FRAMES ? Promise.resolve() : never);
    for (const name of GIVEN_BACK) found[name] = (value: unknown) => value;
    for (const name of ['memory', 'profile', 'time', 'env', 'engine', 'backend', 'grad', 'grads', 'valueAndGrad'])
      found[name] = unknowns.make({ name: `tf.${name}` });
    for (const name of ['valueAndGrads', 'variableGrads', 'fused', 'sparse', 'string', 'io', 'browser', 'math'])
      found[name] = unknowns.make({ name: `tf.${name}` });
    found['customGrad'] = () => () => this.#missing('customGrad');
    found['util'] = tfc.util;
    found['getBackend'] = () => 'cpu';
    found['variable'] = (value: unknown, trainable?: unknown, name?: unknown) => this.#variable(value, trainable, name);
    found['tidy'] = (first: unknown, second?: unknown) => {
      const body = typeof first === 'function' ? first : second;
      return typeof body === 'function' ? (body as Callable)() : undefined;
    };
    return found;
  }

  operation(name: string, real: Callable): Callable {
    const mixed: Callable = (...given) => {
      if (CREATORS.test(name)) {
        const shape = name.startsWith('tensor') ? given[1] : given[0];
        if (holdsUnknown(given[0]) || holdsUnknown(shape)) return this.#created(name, shape);
      } else if (given.some((value) => holdsUnknown(value))) return this.unknowns.make({ name: `tf.${name}()` });
      return this.#guarded(name, () => real(...given));
    };
    Object.defineProperty(mixed, 'name', { value: name });
    return mixed;
  }

  #guarded(name: string, run: () => unknown): unknown {
    try {
      return run();
    } catch (error) {
      if (
        error instanceof Error &&
        /Cannot find registered kernel|Kernel '\w+' not registered|not yet implemented/i.test(error.message)
      )
        return this.#missing(name);
      throw error;
    }
  }

  #missing(name: string): unknown {
    if (!this.strict) return this.unknowns.make({ name: `tf.${name}()` });
    throw new MissingKernel(
      `\`tf.${name}\` is an operation that cannot be followed, so the model cannot be diagnosed. Use operations that have a gradient of their own in TensorFlow.js.`,
    );
  }

  /** A tensor whose values are not known: with a shape if that is written down. */
  #created(name: string, shape: unknown): unknown {
    if (!Array.isArray(shape)) return this.unknowns.make({ name: `tf.${name}()` });
    const sizes = shape.filter((n): n is number => typeof n === 'number' && Number.isSafeInteger(n) && n >= 0);
    if (sizes.length === shape.length) {
      const made = tfc.fill(sizes, 0);
      const datum = datumOf(made);
      if (datum) datum.producer = null;
      return made;
    }
    return this.unknowns.make({ name: `tf.${name}()`, known: { shape, rank: shape.length } });
  }

  #variable(value: unknown, trainable: unknown, name: unknown): unknown {
    if (!(value instanceof tfc.Tensor)) return this.unknowns.make({ name: 'tf.variable()' });
    const made = tfc.variable(tfc.clone(value), trainable !== false);
    const datum = datumOf(made);
    if (datum)
      datum.weight = {
        name: typeof name === 'string' ? name : made.name,
        trainable: trainable !== false,
        initialiser: null,
      };
    return made;
  }

  /** Methods of tensors take unknown arguments too, and give their values only where those were written down. */
  #mixMethods(): void {
    const prototype = tfc.Tensor.prototype as unknown as Record<string, Callable>;
    const { unknowns } = this;
    const guarded = (name: string, run: () => unknown) => this.#guarded(name, run);
    for (const name of Object.getOwnPropertyNames(prototype)) {
      const real = Object.getOwnPropertyDescriptor(prototype, name)?.value as unknown;
      if (name === 'constructor' || typeof real !== 'function') continue;
      prototype[name] = function (this: unknown, ...given) {
        if (given.some((value) => holdsUnknown(value))) return unknowns.make({ name: `.${name}()` });
        return guarded(name, () => (real as Callable).apply(this, given));
      };
    }
    const values = (tensor: unknown): unknown => {
      const datum = tensor instanceof tfc.Tensor ? datumOf(tensor) : null;
      return datum?.values ?? unknowns.make({ name: 'the values of a tensor' });
    };
    const nested = (tensor: unknown): unknown => {
      const found = values(tensor);
      if (isUnknown(found) || !(tensor instanceof tfc.Tensor)) return found;
      return tfc.util.toNestedArray((tensor as tfc.Tensor).shape, found as Float32Array);
    };
    prototype['dataSync'] = function (this: unknown) {
      return values(this);
    };
    prototype['data'] = function (this: unknown) {
      return Promise.resolve(values(this));
    };
    prototype['arraySync'] = function (this: unknown) {
      return nested(this);
    };
    prototype['array'] = function (this: unknown) {
      return Promise.resolve(nested(this));
    };
    for (const name of ['buffer', 'bufferSync', 'bytes', 'dataToGPU', 'toString'])
      prototype[name] = () => unknowns.make({ name: 'the values of a tensor' });
    for (const name of ['dispose', 'print']) prototype[name] = () => undefined;
    const variable = tfc.Variable.prototype as unknown as Record<string, Callable>;
    for (const name of ['assign', 'dispose']) variable[name] = () => undefined;
  }
}
