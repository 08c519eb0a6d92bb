// Everything the kernel module exports. Rules of the house: raw pointers only (no arrays, strings, objects or `Math.pow`,
// which would need static data or an allocator on top of tfjs' own), scratch memory comes from the caller.
export { largest, scale, squaredDistances, sumOf, sumOfSquares, zeros } from './measure';
export { gemm, gemmPacked, gemmScratch, packedSize, packMatrix } from './gemm';
export { addChannels, channelSums, copyRows, permute, transpose } from './layout';
export { columnsToImage, imageToColumns } from './columns';
export { convolvePlanes, planeScratch } from './planes';
export { averagePool, maxPool, maxPoolGradient } from './pools';
export { gradientSums, normalise, normaliseGradient, productSums, scaleOffset, statistics } from './normalise';
export { logSoftmaxGradient, softmax, softmaxGradient } from './softmax';
export { interpolate } from './interpolate';
export { adam, descend } from './updates';
export { countWithin } from './counts';
export {
  gelu,
  geluGradient,
  geluTanh,
  geluTanhGradient,
  relu,
  reluGradient,
  sigmoid,
  sigmoidGradient,
  silu,
  siluGradient,
  tanh,
  tanhGradient,
} from './activations';
export { pieces, piecesGradient, tail, tailGradient } from './pieces';
export { addRun, combine, divideRun, multiplyRun, subtractRun } from './pairs';
