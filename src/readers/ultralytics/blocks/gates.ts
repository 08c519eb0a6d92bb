import type { Tensor } from '../../graphBuilder';
import { Unreadable } from '../../unreadable';
import type { Scope, Unit } from '../scope';
import { concat, conv2d } from '../torch';

/** Each channel times the sigmoid of what a 1x1 convolution makes of all channels' means. */
export function channelAttention(scope: Scope, channels: number): Unit {
  const { b } = scope;
  const weigh = scope.child('fc', 'Conv2d', (inner) => conv2d(inner, channels, channels, 1));
  return (x) => {
    const [batch = 1, width = 1] = x.shape;
    const means = b.emit('mean', { axes: [2, 3], keepDims: true }, [x], [batch, width, 1, 1]);
    return b.emit('mul', {}, [x, b.same('sigmoid', weigh(means))], x.shape);
  };
}

/** Each place times the sigmoid of what a convolution makes of the channels' mean and maximum there. */
export function spatialAttention(scope: Scope, kernel: number): Unit {
  if (kernel !== 3 && kernel !== 7)
    throw new Unreadable('bad-argument', `SpatialAttention takes a kernel of 3 or 7, not ${kernel}.`);
  const { b } = scope;
  const weigh = scope.child('cv1', 'Conv2d', (inner) =>
    conv2d(inner, 2, 1, kernel, { padding: kernel === 7 ? 3 : 1, bias: false }),
  );
  return (x) => {
    const shape = x.shape.map((n, i) => (i === 1 ? 1 : n));
    const over = (op: 'mean' | 'max'): Tensor => b.emit(op, { axes: [1], keepDims: true }, [x], shape);
    return b.emit('mul', {}, [x, b.same('sigmoid', weigh(concat(scope, [over('mean'), over('max')])))], x.shape);
  };
}

/** Woo et al. 2018 (CBAM) with one layer for the channels. */
export function convolutionalAttention(scope: Scope, channels: number, kernel: number): Unit {
  const first = scope.child('channel_attention', 'ChannelAttention', (inner) => channelAttention(inner, channels));
  const second = scope.child('spatial_attention', 'SpatialAttention', (inner) => spatialAttention(inner, kernel));
  return (x) => second(first(x));
}
