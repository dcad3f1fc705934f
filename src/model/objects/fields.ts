import { DecodeError } from '../../errors.ts';

/**
 * A JSON object read with distrust. `null` and a missing field are the same: absent (`undefined`). A field of
 * another type than asked for is a DecodeError that names its path, never a default.
 */
export class Fields {
  readonly #object: Readonly<Record<string, unknown>>;
  readonly #path: string;

  constructor(value: unknown, path = 'object') {
    if (!isObject(value)) throw new DecodeError(path, 'an object');
    this.#object = value;
    this.#path = path;
  }

  /** Only a field of the object's own: a label named `constructor` must not find the prototype's. */
  #value(key: string): unknown {
    return Object.hasOwn(this.#object, key) ? (this.#object[key] ?? undefined) : undefined;
  }

  #wrong(key: string, expected: string): DecodeError {
    return new DecodeError(`${this.#path}.${key}`, expected);
  }

  text(key: string): string | undefined {
    const value = this.#value(key);
    if (value === undefined || typeof value === 'string') return value;
    throw this.#wrong(key, 'a string');
  }

  /** A string that must be there and not be empty. */
  name(key: string): string {
    const value = this.text(key);
    if (value === undefined || value === '') throw this.#wrong(key, 'a non-empty string');
    return value;
  }

  flag(key: string): boolean | undefined {
    const value = this.#value(key);
    if (value === undefined || typeof value === 'boolean') return value;
    throw this.#wrong(key, 'true or false');
  }

  count(key: string): number | undefined {
    const value = this.#value(key);
    if (value === undefined || (typeof value === 'number' && Number.isFinite(value))) return value;
    throw this.#wrong(key, 'a number');
  }

  /** An RFC 3339 moment in milliseconds; an empty string and Go's zero time are absent. */
  timeMs(key: string): number | undefined {
    const text = this.text(key);
    if (text === undefined || text === '') return undefined;
    const ms = Date.parse(text);
    if (Number.isNaN(ms)) throw this.#wrong(key, 'an RFC 3339 time');
    return text.startsWith('0001-01-01') ? undefined : ms;
  }

  child(key: string): Fields | undefined {
    const value = this.#value(key);
    return value === undefined ? undefined : new Fields(value, `${this.#path}.${key}`);
  }

  /** An array of objects; absent is empty. */
  children(key: string): readonly Fields[] {
    const value = this.#value(key);
    if (value === undefined) return [];
    if (!Array.isArray(value)) throw this.#wrong(key, 'an array');
    return value.map((item, index) => new Fields(item, `${this.#path}.${key}[${index}]`));
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
