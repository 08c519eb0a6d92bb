/** Raised where a model would be built from something that is not known. */
export class UnknownValue extends Error {
  override readonly name = 'UnknownValue';
}
