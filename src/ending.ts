import { constants } from 'node:os';

/** Why a command ends before its work is done. Reason of the abort of `CommandIo.stop`. */
export class Interruption extends Error {
  override readonly name = 'Interruption';
  /** Of a command whose work is cut short. */
  readonly exitCode: number;
  /** Of a command that runs until it is told to end: SIGTERM tells it so, Ctrl-C interrupts it. */
  readonly exitCodeOfServer: number;
  constructor(cause: string, exitCode: number) {
    super(`ended by ${cause}`);
    this.exitCode = exitCode;
    this.exitCodeOfServer = cause === 'SIGTERM' ? 0 : exitCode;
  }
}

/** SIGHUP comes when the terminal is closed. */
const SIGNALS = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const;
type EndingSignal = (typeof SIGNALS)[number];
const SAME_KEYSTROKE_MS = 500;

/**
 * Aborts with an Interruption at the first signal to end, and when nobody reads stdout any more. A second signal ends
 * the process at once.
 */
export function interruptionOf(program: NodeJS.Process): AbortSignal {
  const stop = new AbortController();
  let endedMs: number | undefined;
  const end = (signal: EndingSignal): void => {
    const exitCode = 128 + constants.signals[signal];
    endedMs ??= performance.now();
    // npm passes on the Ctrl-C that the terminal has sent us already; only a later one means "at once".
    if (performance.now() - endedMs > SAME_KEYSTROKE_MS) program.exit(exitCode);
    stop.abort(new Interruption(signal, exitCode));
  };
  for (const signal of SIGNALS) program.on(signal, () => end(signal));
  program.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (!isClosed(error)) throw error;
    // A reader may leave early, as `head` does.
    stop.abort(new Interruption('the end of stdout', 0));
  });
  program.stderr.on('error', (error: NodeJS.ErrnoException) => {
    // The work goes on without a reader of its log.
    if (!isClosed(error)) throw error;
  });
  return stop.signal;
}

/** EIO: the terminal is gone. */
const isClosed = (error: NodeJS.ErrnoException): boolean => error.code === 'EPIPE' || error.code === 'EIO';

/** The longest time a command may take to clean up. SIGTERM ends the program within 5 seconds. */
const CLEAN_UP_MS = { always: 4_500, once: 500 };

/**
 * The exit code of a command. One that runs until SIGTERM has then done its work; every other one was cut short and ends
 * with the code of the interruption. A command that does not end in time is left where it is.
 */
export async function exitCodeOf(
  work: () => Promise<number>,
  stop: AbortSignal,
  runsUntilStopped: boolean,
): Promise<number> {
  const interruption = interruptedAfter(stop, runsUntilStopped ? CLEAN_UP_MS.always : CLEAN_UP_MS.once);
  try {
    if (!stop.aborted) {
      const exitCode = await Promise.race([work(), interruption.passed]);
      if (!isOver(stop)) return exitCode ?? 0;
      if (runsUntilStopped && exitCode !== undefined && exitCode !== 0) return exitCode;
    }
  } catch (error) {
    if (!isAbort(error, stop)) throw error;
  } finally {
    interruption.forget();
  }
  const { reason } = stop as { readonly reason: unknown };
  if (!(reason instanceof Interruption)) return 0;
  return runsUntilStopped ? reason.exitCodeOfServer : reason.exitCode;
}

const isOver = ({ aborted }: AbortSignal): boolean => aborted;

const isAbort = (error: unknown, { aborted, reason }: AbortSignal): boolean =>
  aborted && (error === reason || (error instanceof Error && error.name === 'AbortError'));

/** `passed` resolves so long after the abort. */
function interruptedAfter(
  stop: AbortSignal,
  graceMs: number,
): { readonly passed: Promise<undefined>; readonly forget: () => void } {
  let timer: NodeJS.Timeout | undefined;
  let begin = (): void => undefined;
  const passed = new Promise<undefined>((resolve) => {
    begin = () => {
      timer = setTimeout(resolve, graceMs, undefined);
    };
    stop.addEventListener('abort', begin, { once: true });
  });
  return {
    passed,
    forget: () => {
      stop.removeEventListener('abort', begin);
      clearTimeout(timer);
    },
  };
}
