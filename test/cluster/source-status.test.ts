import assert from 'node:assert/strict';
import { MuteError } from '../../src/cluster/error-kind.ts';
import { MuteDetector } from '../../src/cluster/mute-detector.ts';
import { SourceStatus } from '../../src/cluster/source-status.ts';
import { ApiError, ConnectionError } from '../../src/errors.ts';
import type { LogFields } from '../../src/logger.ts';

const backups = { group: 'harvesterhci.io', resource: 'virtualmachinebackups', verbs: ['list', 'watch'] };
const logs = { group: '', resource: 'pods/log', verbs: ['get'], namespace: 'harvester-system' };
const unreachable = new ConnectionError('unreachable', 'no connection');
const badRequest = new ApiError(400, 'BadRequest', 'what?');
const forbidden = new ApiError(403, 'Forbidden', 'not you');
const notServed = new ApiError(404, '', '404 page not found');

describe('SourceStatus', () => {
  let lines: [string, LogFields | undefined][];
  let nowMs: number;
  let status: SourceStatus;
  const log = (message: string, fields?: LogFields): void => void lines.push([message, fields]);
  const messages = (): string[] => lines.map(([message]) => message);
  const cure = (): unknown => lines.at(-1)?.[1]?.cure;
  const list = () => status.register('backups', { access: backups, isListed: true });
  const state = () => status.stateOf('backups');

  beforeEach(() => {
    lines = [];
    nowMs = 1_000;
    const logger = { debug: () => undefined, info: log, warn: log, error: log };
    status = new SourceStatus({ logger, server: 'https://cluster:6443', now: () => nowMs });
  });

  it('is neither up nor down before the first attempt', () => {
    list();
    assert.deepEqual(status.snapshot(), [
      {
        source: 'backups',
        phase: 'starting',
        up: undefined,
        absent: false,
        lastSuccessMs: undefined,
        errors: new Map(),
        listedOnce: false,
      },
    ]);
  });

  it('moves the time of the last success with every sign of life, and not with a failure', () => {
    const source = list();
    source.succeeded();
    nowMs = 2_000;
    source.succeeded();
    nowMs = 3_000;
    source.failed(unreachable);
    assert.deepEqual([state()?.lastSuccessMs, state()?.up], [2_000, false]);
  });

  it('logs a failure once, counts each, and logs the recovery', () => {
    const source = list();
    source.failed(badRequest);
    source.failed(badRequest);
    source.listed();
    assert.deepEqual(messages(), ['source fails', 'source works again']);
    assert.deepEqual([...(state()?.errors ?? [])], [['bad_request', 2]]);
  });

  it('logs again when the failure becomes another one', () => {
    const source = list();
    source.failed(badRequest);
    source.failed(forbidden);
    assert.deepEqual(messages(), ['source fails', 'source fails']);
  });

  it('logs the failure of the API server once for all sources, and its recovery with the last of them', () => {
    const source = list();
    const other = status.register('other', { access: backups, isListed: true });
    source.failed(unreachable);
    other.failed(unreachable);
    source.listed();
    assert.deepEqual(messages(), ['API server fails']);
    other.listed();
    assert.deepEqual(messages(), ['API server fails', 'API server works again']);
    assert.equal(status.stateOf('other')?.errors.get('unreachable'), 1);
  });

  it('logs an outage although one source has failed in another way for long', () => {
    const source = list();
    const other = status.register('other', { access: backups, isListed: true });
    source.failed(new ConnectionError('nonsense', 'not a list'));
    other.failed(unreachable);
    assert.deepEqual(messages(), ['API server fails', 'API server fails']);
  });

  it('names the missing RBAC rule when it is forbidden, and is down', () => {
    list().failed(forbidden);
    assert.equal(
      cure(),
      'bind a ClusterRole with the rule {apiGroups: ["harvesterhci.io"], resources: ["virtualmachinebackups"], verbs: ["list","watch"]} to our service account',
    );
    assert.deepEqual([state()?.phase, state()?.up], ['forbidden', false]);
    status.register('logs', { access: logs, isListed: false }).failed(forbidden);
    assert.match(String(cure()), /Role in namespace harvester-system .*"pods\/log"/);
  });

  it('names the server when it is out of reach', () => {
    list().failed(unreachable);
    assert.match(String(cure()), /https:\/\/cluster:6443/);
  });

  it('is absent, without an error, for a kind the cluster does not serve', () => {
    list().failed(notServed);
    assert.deepEqual([state()?.phase, state()?.up, state()?.errors.size], ['absent', undefined, 0]);
    assert.deepEqual(messages(), ['kind not served by this cluster, looked for again']);
  });

  it('counts an expired version, and stays up', () => {
    const source = list();
    source.listed();
    source.failed(new ApiError(410, 'Expired', 'too old'));
    assert.deepEqual([state()?.up, [...(state()?.errors ?? [])], messages()], [true, [['gone', 1]], []]);
  });

  it('is ready once every list was read, or is known to be absent or forbidden', () => {
    const source = list();
    status.register('logs', { access: logs, isListed: false });
    const other = status.register('other', { access: backups, isListed: true });
    const third = status.register('third', { access: backups, isListed: true });
    source.succeeded();
    other.failed(forbidden);
    third.failed(notServed);
    assert.deepEqual(status.waitingFor, ['backups']);
    source.listed();
    assert.deepEqual(status.waitingFor, []);
    source.failed(unreachable);
    assert.deepEqual(
      status.waitingFor,
      [],
      'it stays ready: pods are not restarted because the API server is away',
    );
  });

  it('fares as its worst member, until that one is well again or left', () => {
    const source = status.register('backups', { access: logs, isListed: false });
    const [one, other] = [source.member('one'), source.member('other')];
    one.succeeded();
    other.failed(badRequest);
    one.succeeded();
    assert.deepEqual([state()?.up, messages()], [false, ['source fails']]);
    other.left();
    assert.deepEqual([state()?.up, messages()], [true, ['source fails', 'source works again']]);
  });

  it('refuses two sources of one name', () => {
    list();
    assert.throws(list, /registered twice/);
  });

  it('names the setting that makes virt-api speak when its log is mute', () => {
    list().failed(new MuteError('no line'));
    assert.match(String(cure()), /logVerbosity\.virtAPI: 2/);
    assert.deepEqual([...(state()?.errors ?? [])], [['mute', 1]]);
  });
});

describe('MuteDetector', () => {
  it('reports once a log that can be heard and says nothing for long, until its next line', () => {
    let nowMs = 0;
    let open = 0;
    const told: string[] = [];
    const detector = new MuteDetector({
      reporter: {
        succeeded: () => told.push('succeeded'),
        failed: (error) => told.push(error.name),
        left: () => told.push('left'),
      },
      openStreams: () => open,
      muteAfterMs: 100,
      now: () => nowMs,
    });
    const checkAt = (ms: number): void => {
      nowMs = ms;
      detector.check();
    };
    checkAt(1_000);
    open = 2;
    checkAt(1_010);
    checkAt(1_109);
    assert.deepEqual(told, [], 'counted from the first open stream');
    checkAt(1_110);
    checkAt(1_300);
    assert.deepEqual(told, ['MuteError']);
    detector.heard();
    checkAt(1_399);
    assert.deepEqual(told, ['MuteError', 'left']);
    checkAt(1_400);
    assert.deepEqual(told, ['MuteError', 'left', 'MuteError']);
  });
});
