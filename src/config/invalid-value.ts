/** A value an option cannot take. The message says what was expected and goes behind the value's place. */
export class InvalidValue extends Error {
  override readonly name = 'InvalidValue';
}
