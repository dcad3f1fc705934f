import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One alert as Alertmanager sends it. */
export interface Notified {
  readonly status: 'firing' | 'resolved';
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  readonly fingerprint: string;
}

/** A receiver of pages on loopback. */
export interface Webhook {
  readonly url: string;
  /** What was last heard of each alert of that name. */
  readonly heard: (alertname: string) => readonly Notified[];
  readonly close: () => Promise<void>;
}

/** Starts listening on any free port. */
export async function startWebhook(): Promise<Webhook> {
  const latest = new Map<string, Notified>();
  const server = createServer((request, response) => {
    void textOf(request).then((text) => {
      const { alerts } = JSON.parse(text) as { readonly alerts: readonly Notified[] };
      for (const alert of alerts) latest.set(alert.fingerprint, alert);
      response.end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    heard: (alertname) => [...latest.values()].filter(({ labels }) => labels.alertname === alertname),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) text += String(chunk);
  return text;
}
