import { ConnectionError } from '../errors.ts';

const NEWLINE = 0x0a;
/** Far above the largest object etcd takes (1.5 MiB by default), far below what would hurt. */
const LONGEST_LINE_BYTES = 64 * 1024 * 1024;

/**
 * The JSON values of a stream with one value per line. Lines are split as bytes, so a character torn between two
 * chunks stays whole. Throws ConnectionError `nonsense` for a line that is not JSON.
 */
export async function* jsonLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<unknown, void> {
  let pieces: Buffer[] = [];
  let heldBytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      const line = Buffer.concat([...pieces, chunk.subarray(start, end)]);
      pieces = [];
      heldBytes = 0;
      start = end + 1;
      if (line.length > 0) yield parsed(line);
    }
    if (start === chunk.length) continue;
    pieces.push(chunk.subarray(start));
    heldBytes += chunk.length - start;
    if (heldBytes > LONGEST_LINE_BYTES) throw new ConnectionError('nonsense', 'a watch event has no end');
  }
  if (heldBytes > 0) yield parsed(Buffer.concat(pieces));
}

function parsed(line: Buffer): unknown {
  try {
    return JSON.parse(line.toString('utf8'));
  } catch (error) {
    throw new ConnectionError('nonsense', 'a line of the watch is not JSON', error);
  }
}
