import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { createLogWriter } from '../src/log-writer.ts';
import { logfmtLine } from '../src/logfmt.ts';
import type { LogFormat, Logger, LogLevel } from '../src/logger.ts';

function linesOf(format: LogFormat, level: LogLevel, use: (logger: Logger) => void): readonly string[] {
  const stream = new PassThrough();
  use(createLogWriter({ level, format, stream }));
  const text = stream.setEncoding('utf8').read() as string | null;
  return text === null ? [] : text.split('\n').slice(0, -1);
}

/** A reader of logfmt as Loki has one: bare values end at a space, quoted ones are JSON strings. */
function parseLogfmt(line: string): Record<string, string> {
  const pairs = line.matchAll(/([^\s="]+)=("(?:[^"\\]|\\.)*"|[^\s"]*)(?: |$)/gy);
  return Object.fromEntries([...pairs].map(([, key = '', value = '']) => [key, unquoted(value)]));
}

const unquoted = (value: string): string => (value.startsWith('"') ? String(JSON.parse(value)) : value);

describe('log writer', () => {
  it('writes time, level and message first, then the fields', () => {
    const [line = ''] = linesOf('logfmt', 'info', (log) =>
      log.info('source lists again', { source: 'pods', items: 3 }),
    );
    assert.match(
      line,
      /^time=\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z level=info msg="source lists again" source=pods items=3$/,
    );
  });

  it('writes the same names as JSON', () => {
    const [line = ''] = linesOf('json', 'info', (log) =>
      log.warn('no rights', { source: 'pods', forbidden: true }),
    );
    const { time, ...rest } = JSON.parse(line) as Record<string, unknown>;
    assert.deepEqual(rest, { level: 'warn', msg: 'no rights', source: 'pods', forbidden: true });
    assert.ok(!Number.isNaN(Date.parse(String(time))));
  });

  it('leaves out what is below its level, and fields without a value', () => {
    const lines = linesOf('logfmt', 'warn', (log) => {
      log.debug('a');
      log.info('b');
      log.warn('c', { reason: undefined });
      log.error('d');
    });
    assert.deepEqual(
      lines.map((line) => line.replace(/^\S+ /, '')),
      ['level=warn msg=c', 'level=error msg=d'],
    );
  });

  for (const format of ['logfmt', 'json'] as const) {
    it(`writes NaN as null (${format})`, () => {
      const [line = ''] = linesOf(format, 'info', (log) => log.info('x', { rate: Number.NaN, level: 1 }));
      assert.match(line, format === 'json' ? /,"rate":null,"level_":1}$/ : / rate=null level_=1$/);
    });
  }

  it('keeps its own names when a field has one of them', () => {
    const [line = ''] = linesOf('logfmt', 'info', (log) => log.info('x', { level: 'high', msg: 'y' }));
    assert.match(line, / level=info msg=x level_=high msg_=y$/);
  });

  for (const format of ['logfmt', 'json'] as const) {
    it(`stays on one line for any texts (${format})`, () => {
      fc.assert(
        fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (message, value) => {
          assert.equal(linesOf(format, 'info', (log) => log.info(message, { value })).length, 1);
        }),
      );
    });
  }
});

describe('logfmtLine', () => {
  it('gives back every text it was given', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), (first, second) => {
        assert.deepEqual(parseLogfmt(logfmtLine({ first, second })), { first, second });
      }),
    );
  });

  it('lets no control character and no line separator through', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        // eslint-disable-next-line no-control-regex -- the very characters that must not be there
        assert.doesNotMatch(logfmtLine({ value }), /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/);
      }),
    );
  });

  it('makes any text a key', () => {
    assert.equal(logfmtLine({ 'a b="c"': 1, '': 2 }), 'a_b__c_=1 _=2');
  });
});
