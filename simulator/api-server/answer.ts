import type { ResponseStream } from './response-stream.ts';

/** What a request is answered with, before any fault befalls it. */
export type Answer =
  | { readonly type: 'json'; readonly code: number; readonly body: object; readonly contentType?: string }
  | { readonly type: 'text'; readonly code: number; readonly body: string; readonly contentType?: string }
  /** Headers go out at once; `run` writes the body and returns at once. It must end it, or stop when the stream is closed. */
  | { readonly type: 'stream'; readonly contentType: string; readonly run: (stream: ResponseStream) => void };

export const json = (body: object, code = 200): Answer => ({ type: 'json', code, body });

/** Serves a path beside the Kubernetes API, without authentication: what the programs of a cluster expose themselves. */
export type ExtraRoute = () => { readonly contentType: string; readonly body: string };
