/** The functions of the kernel module (`assembly/`). Pointers are byte addresses on tfjs' heap, sizes count elements. */
export interface KernelExports {
  sumOfSquares(x: number, size: number): number;
  sumOf(x: number, size: number): number;
  squaredDistances(x: number, size: number, mean: number): number;
  largest(x: number, size: number): number;
  zeros(x: number, size: number): number;
  scale(x: number, y: number, size: number, factor: number): void;
}
