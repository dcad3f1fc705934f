/** Scan throughput of a pod log against `grep -c -F`: `npx tsx bench/log-scan.ts FILE NEEDLE`. */
import { spawnSync } from 'node:child_process';
import { closeSync, openSync, readSync } from 'node:fs';
import { LogScanner, newlinesIn } from '../src/cluster/log-scanner.ts';

const CHUNK_BYTES = 64 * 1024;
const ROUNDS = 5;
const [file = '', needle = 'nfreeze'] = process.argv.slice(2);

function scanned(): { hits: number; lines: number; bytes: number } {
  const scanner = new LogScanner({ needle: Buffer.from(needle), maxLineBytes: CHUNK_BYTES });
  const chunk = Buffer.alloc(CHUNK_BYTES);
  const descriptor = openSync(file, 'r');
  let [hits, lines, bytes] = [0, 0, 0];
  for (let size = readSync(descriptor, chunk); size > 0; size = readSync(descriptor, chunk)) {
    const part = chunk.subarray(0, size);
    for (const { isHit } of scanner.lines(part, () => false)) hits += Number(isHit);
    lines += newlinesIn(part);
    bytes += size;
  }
  closeSync(descriptor);
  return { hits, lines, bytes };
}

function timed<T>(run: () => T): { ms: number; result: T } {
  const startedMs = performance.now();
  const result = run();
  return { ms: performance.now() - startedMs, result };
}

const median = (values: readonly number[]): number =>
  [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)] ?? NaN;

const ours: number[] = [];
const grep: number[] = [];
for (let round = 0; round < ROUNDS; round += 1) {
  const scan = timed(scanned);
  const count = timed(() =>
    Number(spawnSync('grep', ['-c', '-F', needle, file], { encoding: 'utf8' }).stdout),
  );
  if (scan.result.hits !== count.result)
    throw new Error(`${scan.result.hits} hits, grep says ${count.result}`);
  ours.push(scan.result.bytes / 1e3 / scan.ms);
  grep.push(scan.result.bytes / 1e3 / count.ms);
  if (round === 0) console.log(scan.result);
}
console.log({ oursMBps: Math.round(median(ours)), grepMBps: Math.round(median(grep)) });
console.log({ ratio: (median(ours) / median(grep)).toFixed(2) });
