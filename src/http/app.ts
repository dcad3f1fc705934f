import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import express, { type Express, type Request, type Response } from 'express';
import type { Exposition } from './exposition.ts';

const compressed = promisify(gzip);

interface AppOptions {
  readonly exposition: Exposition;
  readonly telemetryPath: string;
  /** Sources that still have to be listed (absent and forbidden ones do not); when empty, the exporter is ready. */
  readonly waitingFor: () => readonly string[];
  /** The status page and its data; added after the fixed routes. */
  readonly pages: (app: Express) => void;
}

/** The routes of the exporter. Liveness never depends on the API server: a restart would not bring it back. */
export function createApp({ exposition, telemetryPath, waitingFor, pages }: AppOptions): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.get(telemetryPath, async (request, response) => {
    await sendMetrics(request, response, exposition);
  });
  for (const path of ['/livez', '/healthz']) {
    app.get(path, (_request, response) => void response.type('text/plain').send('ok\n'));
  }
  app.get('/readyz', (_request, response) => {
    const missing = waitingFor();
    const ready = missing.length === 0;
    const text = ready ? 'ok\n' : `waiting for the first list of: ${missing.join(', ')}\n`;
    response
      .status(ready ? 200 : 503)
      .type('text/plain')
      .send(text);
  });
  pages(app);
  return app;
}

async function sendMetrics(request: Request, response: Response, exposition: Exposition): Promise<void> {
  const text = Buffer.from(await exposition.render());
  response.setHeader('Content-Type', exposition.contentType);
  response.setHeader('Vary', 'Accept-Encoding');
  if (!acceptsGzip(request)) return void response.end(text);
  response.setHeader('Content-Encoding', 'gzip');
  // Level 1 is some ten times smaller at a twentieth of the cost of the text itself.
  response.end(await compressed(text, { level: constants.Z_BEST_SPEED }));
}

const acceptsGzip = (request: Request): boolean => request.acceptsEncodings('gzip', 'identity') === 'gzip';
