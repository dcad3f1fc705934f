import { createHash } from 'node:crypto';
import type { Express, Response } from 'express';
import { reportOf } from '../../findings/report.ts';
import type { ClusterView } from '../../model/view.ts';
import { findingsDocument } from './findings-document.ts';
import { statusPage } from './page.ts';
import { SCRIPT } from './script.ts';
import { STYLE } from './style.ts';

interface StatusPageOptions {
  readonly view: () => ClusterView;
  readonly telemetryPath: string;
  /** Default: it has no name. */
  readonly clusterName?: string;
  /** Sources that were not listed yet; default: none. */
  readonly waitingFor?: () => readonly string[];
}

const sourceOf = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Only our own style and script run, and they may connect only to this server. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src ${sourceOf(STYLE)}`,
  `script-src ${sourceOf(SCRIPT)}`,
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Adds `/`, the status page, and `/api/findings`, the same as JSON. */
export const statusPages =
  ({ view, telemetryPath, clusterName = '', waitingFor = () => [] }: StatusPageOptions) =>
  (app: Express): void => {
    const page = (now: ClusterView): string => {
      const context = { clusterName, telemetryPath, version: now.exporter.version, waitingFor: waitingFor() };
      return statusPage(reportOf(now), context);
    };
    app.get('/', (_request, response) => {
      withSafeHeaders(response).type('text/html').send(page(view()));
    });
    app.get('/api/findings', (_request, response) => {
      withSafeHeaders(response).json(findingsDocument(reportOf(view()), clusterName));
    });
  };

const withSafeHeaders = (response: Response): Response =>
  response.set({
    'Cache-Control': 'no-store',
    'Content-Security-Policy': CONTENT_SECURITY_POLICY,
    'Referrer-Policy': 'no-referrer',
    'X-Content-Type-Options': 'nosniff',
  });
