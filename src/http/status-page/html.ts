/** A piece of HTML that is safe to put into a page as it is. */
export class Html {
  readonly #text: string;

  private constructor(text: string) {
    this.#text = text;
  }

  /** Takes a text for HTML as it is: for constants of ours, never for text from a cluster. */
  static ofTrusted(text: string): Html {
    return new Html(text);
  }

  toString(): string {
    return this.#text;
  }
}

type Value = string | number | Html | readonly Html[] | undefined;

/**
 * A template whose values are escaped, unless they are Html themselves; undefined is nothing. Values may stand in text
 * and in attributes within double quotes, nowhere else: not in a script, a style, a URL's scheme or a tag's name.
 */
export function html(strings: TemplateStringsArray, ...values: readonly Value[]): Html {
  const text = strings.map(
    (string, index) => `${string}${index < values.length ? rendered(values[index]) : ''}`,
  );
  return Html.ofTrusted(text.join(''));
}

function rendered(value: Value): string {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return escaped(String(value));
  return value instanceof Html ? value.toString() : value.map(String).join('');
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escaped = (text: string): string => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
