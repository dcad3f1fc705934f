import assert from 'node:assert/strict';
import type { IncomingMessage } from 'node:http';
import { createServer, type Server, type Socket } from 'node:net';
import { once } from 'node:events';
import { createApi } from '../../src/cluster/api.ts';
import type { SourceError } from '../../src/cluster/error-kind.ts';
import type { SourceReporter } from '../../src/cluster/source-status.ts';
import { ConnectionError } from '../../src/errors.ts';
import { ContainerLogs } from '../../src/inputs/container-logs.ts';
import { LogConnection, type LogWaits } from '../../src/inputs/log-connection.ts';
import { Tallies } from '../../src/inputs/tallies.ts';
import { decodePod } from '../../src/model/objects/pod.ts';
import {
  type Answer,
  kubeConfigFor,
  portOf,
  sendJson,
  sendStatus,
  startLocalServer,
  until,
} from '../cluster/local-server.ts';
import { aPodObject } from './embedded-cluster.ts';

const WAITS: LogWaits = {
  refusedWithinMs: 5,
  longestRefusalMs: 50,
  pulseEveryMs: 20,
  pulseTimeoutMs: 30,
  pulseAgainMs: 5,
};
const POD = decodePod(aPodObject('harvester-system', 'virt-api-1', 'virt-api', ['virt-api']));
const never: Answer = () => undefined;
const isLog = ({ url = '' }: IncomingMessage): boolean => url.includes('/log?');
/** Answers everything but logs. */
const holdingLogs: Answer = (request, response) => {
  if (!isLog(request)) sendJson(response, {});
};

describe('the logs of containers', () => {
  let stop: AbortController;
  let told: string[];
  let close: () => Promise<void>;
  beforeEach(() => {
    stop = new AbortController();
    told = [];
    close = () => Promise.resolve();
  });
  afterEach(async () => {
    stop.abort();
    await close();
  });

  const report: SourceReporter = {
    succeeded: () => undefined,
    listed: () => undefined,
    settled: () => undefined,
    failed: () => undefined,
    member: () => ({
      succeeded: () => void told.push('heard'),
      failed: (error: SourceError) =>
        void told.push(error instanceof ConnectionError ? error.kind : 'refused'),
      left: () => void told.push('left'),
    }),
  };

  function following(url: string): ContainerLogs {
    const logs = new ContainerLogs({
      api: createApi(kubeConfigFor(url), { userAgent: 'freezewatch/test' }),
      tallies: new Tallies(),
      report,
      source: 'virt_api_logs',
      container: 'virt-api',
      needle: 'freeze',
      onLine: () => undefined,
      signal: stop.signal,
      pumpTiming: { firstWaitMs: 1, longestWaitMs: 5, absentWaitMs: 5, forbiddenWaitMs: 5 },
      waits: WAITS,
      onBug: (error) => assert.fail(String(error)),
    });
    logs.follow([{ pod: POD, sinceMs: 0 }]);
    return logs;
  }

  async function followingServer(
    answer: Answer,
  ): Promise<{ readonly logs: ContainerLogs; readonly answerWith: (answer: Answer) => void }> {
    const server = await startLocalServer(answer);
    close = () => server.close();
    return { logs: following(server.url), answerWith: (next) => server.answerWith(next) };
  }

  /** Waits until the source was told so, looking now and then. */
  const isTold = (logs: ContainerLogs, ...expected: readonly string[]): Promise<void> =>
    until(() => {
      logs.check();
      return told.length >= expected.length;
    }, expected.join(', ')).then(() => assert.deepEqual(told.slice(0, expected.length), expected));

  it('are not heard from a server that accepts connections and never answers anything', async () => {
    const { logs } = await followingServer(never);
    await isTold(logs, 'timeout');
    assert.deepEqual([logs.heard, logs.areAllTried], [0, true]);
  });

  it('are not heard from an address where no connection comes about', async () => {
    const silent = await silentServer();
    close = silent.close;
    const logs = following(silent.url.replace('http:', 'https:'));
    await isTold(logs, 'timeout');
    assert.equal(logs.heard, 0);
  });

  it('are heard from a server that answers everything else, and holds back the head of a quiet log', async () => {
    const { logs } = await followingServer(holdingLogs);
    await isTold(logs, 'heard');
    assert.deepEqual([logs.heard, logs.areAllTried], [1, true]);
  });

  it('are heard again without a line, after their connection was cut', async () => {
    let isFirst = true;
    const { logs } = await followingServer((request, response) => {
      if (isLog(request) && isFirst) {
        isFirst = false;
        request.socket.destroy();
      } else holdingLogs(request, response);
    });
    await isTold(logs, 'unreachable', 'heard');
  });

  it('fail while they are refused, and are heard from the first time that no refusal comes', async () => {
    let refusals = 0;
    const { logs } = await followingServer((request, response) => {
      if (isLog(request) && refusals < 2) {
        refusals += 1;
        sendStatus(response, 500, 'InternalError');
      } else holdingLogs(request, response);
    });
    await isTold(logs, 'refused', 'refused', 'heard');
  });

  it('fail when the server falls silent, although their connection stands, and heal when it answers again', async () => {
    const { logs, answerWith } = await followingServer((request, response) => {
      if (isLog(request)) response.flushHeaders();
      else sendJson(response, {});
    });
    await isTold(logs, 'heard');
    answerWith(never);
    await isTold(logs, 'heard', 'timeout');
    assert.equal(logs.heard, 0);
    answerWith(holdingLogs);
    await isTold(logs, 'heard', 'timeout', 'heard');
  });

  it('end with their signal', async () => {
    const { logs } = await followingServer(holdingLogs);
    await isTold(logs, 'heard');
    stop.abort();
    await logs.ended();
    assert.deepEqual(told, ['heard', 'left']);
  });
});

describe('LogConnection', () => {
  it('does not look fresh because a quiet log was opened again', () => {
    const told: string[] = [];
    const connection = new LogConnection(
      {
        succeeded: () => void told.push('heard'),
        failed: () => void told.push('failed'),
        left: () => void told.push('left'),
      },
      WAITS,
    );
    for (let run = 0; run < 3; run += 1) {
      connection.opening();
      connection.connected();
      connection.opened();
      assert.ok(connection.isHeard);
      connection.closed();
      assert.ok(!connection.isHeard);
    }
    assert.deepEqual(told, ['heard']);
    connection.opening();
    connection.failed(new ConnectionError('broken', 'cut'));
    connection.closed();
    connection.opening();
    connection.opened();
    connection.saidSomething();
    assert.deepEqual(told, ['heard', 'failed', 'heard', 'heard']);
  });
});

/** Accepts connections and says nothing, TLS neither. */
async function silentServer(): Promise<{ readonly url: string; readonly close: () => Promise<void> }> {
  const sockets = new Set<Socket>();
  const server: Server = createServer((socket) => sockets.add(socket.on('error', () => undefined)));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}
