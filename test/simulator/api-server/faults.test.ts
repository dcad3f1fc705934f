import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect } from 'node:net';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, it } from 'mocha';
import { aPod, TestCluster } from './test-cluster.ts';

const POD = { namespace: 'harvester-system', name: 'p' };
const LOG = '/api/v1/namespaces/harvester-system/pods/p/log';

describe('a fault', () => {
  let cluster: TestCluster;
  beforeEach(async () => {
    cluster = await TestCluster.start();
    cluster.store.apply(aPod('p', ['c']));
  });
  afterEach(() => cluster.server.close());

  it('of a status refuses so many requests, and says when to come back', async () => {
    cluster.server.faults.inject({ type: 'status', code: 429, retryAfterSeconds: 7 }, { times: 2 });
    const first = await cluster.fetch('/api/v1/pods');
    assert.deepEqual(
      [first.status, first.headers.get('retry-after'), first.body.reason],
      [429, '7', 'TooManyRequests'],
    );
    assert.equal((await cluster.fetch('/api/v1/pods')).status, 429);
    assert.equal((await cluster.fetch('/api/v1/pods')).status, 200);
  });

  it('befalls the requests it names, until it is ended', async () => {
    const end = cluster.server.faults.inject(
      { type: 'status', code: 500 },
      { request: /^GET \/api\/v1\/nodes/ },
    );
    assert.equal((await cluster.fetch('/api/v1/nodes')).status, 500);
    assert.equal((await cluster.fetch('/api/v1/pods')).status, 200);
    end();
    assert.equal((await cluster.fetch('/api/v1/nodes')).status, 200);
  });

  it('leaves a request without an answer, and the record says so', async () => {
    cluster.server.faults.inject({ type: 'hang' });
    const { port, hostname } = new URL(cluster.server.url);
    const socket = connect(Number(port), hostname);
    const closed = once(socket, 'close');
    socket.on('data', () => assert.fail('nothing may arrive')).on('error', () => undefined);
    socket.write('GET /version HTTP/1.1\r\nHost: x\r\n\r\n');
    while (cluster.server.requests.length === 0) await new Promise(setImmediate);
    assert.equal(cluster.server.requests[0]?.status, 0);
    cluster.server.killConnections();
    await closed;
  });

  it('resets the connection', async () => {
    cluster.server.faults.inject({ type: 'destroy' }, { times: 1 });
    await assert.rejects(cluster.fetch('/version'), TypeError);
  });

  it('answers with something that is not Kubernetes', async () => {
    cluster.server.faults.inject({ type: 'nonsense' });
    assert.match((await cluster.fetch('/api/v1/pods')).body.message ?? '', /^<!DOCTYPE html>/);
  });

  it('moves the Date header', async () => {
    cluster.server.faults.inject({ type: 'clock-skew', ms: -3_600_000 });
    const { headers } = await cluster.fetch('/version');
    assert.ok(Date.now() - Date.parse(headers.get('date') ?? '') > 3_590_000);
  });

  it('breaks a body off', async () => {
    cluster.server.faults.inject({ type: 'truncate', bytes: 10 });
    const response = await fetch(`${cluster.server.url}/api/v1/pods`);
    assert.equal(response.status, 200);
    await assert.rejects(response.text(), TypeError);
  });

  it('silences a stream without closing it', async () => {
    const { response, lines } = await cluster.open(`${LOG}?follow=true`);
    cluster.logs.append(POD, 'c', 'heard');
    assert.equal((await lines.next()).value, 'heard');
    const end = cluster.server.faults.inject({ type: 'stall' }, { request: /log/ });
    cluster.logs.append(POD, 'c', 'lost');
    end();
    cluster.logs.append(POD, 'c', 'heard again');
    assert.equal((await lines.next()).value, 'heard again');
    response.destroy();
  });

  it('cuts a body in pieces that lose nothing, wherever its characters are cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.string({ unit: 'grapheme', maxLength: 20 }),
        async (bytes, text) => {
          const line = text.replaceAll(/[\r\n]/g, '');
          cluster.logs.rotate(POD, 'c');
          cluster.logs.append(POD, 'c', line);
          const end = cluster.server.faults.inject({ type: 'split', bytes });
          assert.equal(await cluster.text(LOG), `${line}\n`);
          end();
        },
      ),
      { numRuns: 20 },
    );
  });

  it('delays each piece of a body', async () => {
    cluster.logs.append(POD, 'c', 'slow');
    cluster.server.faults.inject({ type: 'slow', bytes: 2, delayMs: 1 });
    assert.equal(await cluster.text(LOG), 'slow\n');
  });

  it('resets all connections, and new ones are served', async () => {
    const { response } = await cluster.open('/api/v1/pods?watch=true');
    const broken = once(response, 'error');
    cluster.server.killConnections();
    await broken;
    assert.equal((await cluster.fetch('/version')).status, 200);
  });
});
