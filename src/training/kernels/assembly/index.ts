// Everything the kernel module exports. Rules of the house: raw pointers only (no arrays, strings, objects or `Math.pow`,
// which would need static data or an allocator on top of tfjs' own), scratch memory comes from the caller.
export { largest, scale, squaredDistances, sumOf, sumOfSquares, zeros } from './measure';
