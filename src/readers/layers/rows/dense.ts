import { Unreadable } from '../../unreadable';
import { defaultKernel } from '../dialect';
import { type LayerRow, sizeOf } from '../layer';

const BIAS = { entry: 'bias_initializer', fallback: 'Zeros' };

/** x @ kernel + bias on the last axis; kernel [in, units]. */
const dense: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  const units = layer.config.count('units');
  const features = x.shape.at(-1);
  if (x.shape.length < 2 || features === undefined)
    throw new Unreadable('shape-mismatch', `Dense takes at least 2 dims; this input is [${x.shape.join(', ')}].`);
  const kernel = layer.weight('kernel', [features, units], {
    entry: 'kernel_initializer',
    fallback: defaultKernel(layer.dialect),
  });
  const bias = layer.config.flag('use_bias', true) ? [layer.weight('bias', [units], BIAS)] : [];
  const shape = [...x.shape.slice(0, -1), units];
  return [layer.activate(layer.b.emit('linear', { weightLayout: 'inOut' }, [x, kernel, ...bias], shape))];
};

/** Rows of `embeddings` [input_dim, output_dim]. */
const embedding: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  const rows = layer.config.count('input_dim');
  const columns = layer.config.count('output_dim');
  const table = layer.weight('embeddings', [rows, columns], {
    entry: 'embeddings_initializer',
    fallback: 'RandomUniform',
  });
  const indices = x.dtype === 'int' ? x : layer.b.emit('cast', {}, [x], x.shape, 'int');
  // Whole numbers drawn from 1 on hold no padding: the mask leaves nothing out.
  if (layer.config.flag('mask_zero', false) && (layer.b.inputAt(x)?.low ?? 0) < 1)
    layer.b.guess(
      'Masked time steps are not looked at: the sequences drawn for the measurement count as full.',
      layer.spec.spanOf('mask_zero'),
    );
  return [layer.b.emit('embedding', { paddingIndex: null }, [table, indices], [...x.shape, columns])];
};

/** Equations are written in ASCII letters. */
const lettersOf = (term: string): string[] => Array.from(term);

/** einsum(equation, x, kernel) + bias, e.g. "abc,cd->abd". */
const einsumDense: LayerRow = (inputs, layer) => {
  const x = layer.single(inputs);
  const equation = layer.config.text('equation').replaceAll(' ', '');
  const [operands, output] = equation.split('->');
  const [from, weights] = operands?.split(',') ?? [];
  const given = layer.config.integersOrNull('output_shape');
  if (from?.length !== x.shape.length || weights === undefined || output === undefined || equation.includes('.'))
    throw new Unreadable('unsupported', `The equation '${equation}' of EinsumDense cannot be read for this input.`);
  const sizes = new Map(lettersOf(from).map((letter, i) => [letter, x.shape[i] ?? 1]));
  // The output's sizes are given without the batch.
  lettersOf(output)
    .slice(output.length - given.length)
    .forEach((letter, i) => {
      const size = given[i];
      if (size !== null && size !== undefined && !sizes.has(letter)) sizes.set(letter, size);
    });
  const shapeOf = (letters: string) =>
    lettersOf(letters).map((letter) => {
      const size = sizes.get(letter);
      if (size === undefined)
        throw new Unreadable('unsupported', `The size of '${letter}' in '${equation}' is not known.`);
      return size;
    });
  const kernel = layer.weight('kernel', shapeOf(weights), {
    entry: 'kernel_initializer',
    fallback: defaultKernel(layer.dialect),
  });
  const shape = shapeOf(output);
  const y = layer.b.emit('einsum', { equation: `${from},${weights}->${output}` }, [x, kernel], shape);
  if (!layer.config.has('bias_axes')) return [layer.activate(y)];
  const axes = layer.config.text('bias_axes');
  const bias = layer.weight('bias', shapeOf(axes), BIAS);
  const aligned = lettersOf(output).map((letter, i) => (axes.includes(letter) ? (shape[i] ?? 1) : 1));
  if (sizeOf(aligned) !== sizeOf(bias.shape))
    throw new Unreadable('unsupported', `The bias axes '${axes}' do not stand in '${equation}'.`);
  return [layer.activate(layer.b.emit('add', {}, [y, layer.b.reshape(bias, aligned)], shape))];
};

export const DENSE_ROWS = { Dense: dense, Embedding: embedding, EinsumDense: einsumDense };
