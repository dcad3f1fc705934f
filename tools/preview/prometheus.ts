export type Labels = Readonly<Record<string, string>>;

export interface Series {
  readonly labels: Labels;
  /** Time in seconds, and value. */
  readonly points: readonly (readonly [number, number])[];
}

interface Answer {
  readonly status: string;
  readonly error?: string;
  readonly data: {
    readonly result: readonly {
      readonly metric: Labels;
      readonly value?: readonly [number, string];
      readonly values?: readonly (readonly [number, string])[];
    }[];
  };
}

/** What Grafana's data source asks of a Prometheus. Every method rejects with Prometheus's message about a bad query. */
export class PrometheusClient {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** The value of each series at a time in seconds; by default now. */
  query(expr: string, time?: number): Promise<readonly Series[]> {
    return this.#series('query', { query: expr, ...(time === undefined ? {} : { time: String(time) }) });
  }

  /** The values of each series between two times, a step apart; all in seconds. */
  queryRange(expr: string, start: number, end: number, step: number): Promise<readonly Series[]> {
    return this.#series('query_range', {
      query: expr,
      start: String(start),
      end: String(end),
      step: String(step),
    });
  }

  /** The values of a label of the series that match a selector, sorted; as Grafana's `label_values`. */
  async labelValues(selector: string, label: string): Promise<readonly string[]> {
    const body = await this.#ask<{ readonly data: readonly Labels[] }>('series', { 'match[]': selector });
    return [
      ...new Set(body.data.flatMap(({ [label]: value }) => (value === undefined ? [] : [value]))),
    ].sort();
  }

  async #series(path: string, parameters: Labels): Promise<readonly Series[]> {
    const { data } = await this.#ask<Answer>(path, parameters);
    return data.result.map(({ metric, value, values = value === undefined ? [] : [value] }) => ({
      labels: metric,
      points: values.map(([time, text]) => [time, Number(text)] as const),
    }));
  }

  async #ask<T>(path: string, parameters: Labels): Promise<T> {
    const response = await fetch(`${this.#url}/api/v1/${path}`, {
      method: 'POST',
      body: new URLSearchParams(parameters),
    });
    const body = (await response.json()) as T & { readonly status: string; readonly error?: string };
    if (body.status !== 'success')
      throw new Error(`${body.error ?? response.statusText}: ${JSON.stringify(parameters)}`);
    return body;
  }
}
