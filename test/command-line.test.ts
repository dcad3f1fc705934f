import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import type { Command } from '../src/command.ts';
import { main } from '../src/command-line.ts';
import type { Config } from '../src/config/config.ts';
import { COMMANDS, type CommandName } from '../src/config/option.ts';
import { ConfigError } from '../src/errors.ts';
import { VERSION } from '../src/version.ts';

interface Outcome {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly ran: readonly { readonly name: CommandName; readonly config: Config }[];
}

async function outcomeOf(argv: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const ran: { name: CommandName; config: Config }[] = [];
  const commands: readonly Command[] = COMMANDS.map((name) => ({
    name,
    help: `Does ${name}.`,
    runsUntilStopped: name === 'serve' || name === 'demo',
    load: () =>
      Promise.resolve({
        run: (config) => {
          ran.push({ name, config });
          return config.scenario === 'refused'
            ? Promise.reject(new ConfigError(['no cluster', 'no luck']))
            : Promise.resolve(7);
        },
      }),
  }));
  const [stdout, stderr] = [new PassThrough(), new PassThrough()];
  const exitCode = await main(argv, commands, {
    stdout,
    stderr,
    environment,
    stop: new AbortController().signal,
  });
  return { exitCode, stdout: textOf(stdout), stderr: textOf(stderr), ran };
}

const textOf = (stream: PassThrough): string => String(stream.read() ?? '');

describe('the command line', () => {
  it('runs serve when no command is named, with the flags given', async () => {
    const { exitCode, ran } = await outcomeOf(['--log.level=debug', '--web.listen-address', '127.0.0.1:0']);
    assert.equal(exitCode, 7);
    assert.deepEqual(
      ran.map(({ name, config }) => [name, config.logLevel, config.listenAddress.port]),
      [['serve', 'debug', 0]],
    );
  });

  it('runs the command that is named', async () => {
    const { ran } = await outcomeOf(['diagnose', '--context', 'a', '--context=b', '-o', 'json']);
    assert.deepEqual(
      ran.map(({ name, config }) => [name, config.contexts, config.output]),
      [['diagnose', ['a', 'b'], 'json']],
    );
  });

  it('knows switches', async () => {
    assert.equal((await outcomeOf(['break-loop', '--apply'])).ran[0]?.config.apply, true);
    assert.equal((await outcomeOf(['demo', '--no-prometheus'])).ran[0]?.config.noPrometheus, true);
    assert.equal((await outcomeOf(['demo'])).ran[0]?.config.noPrometheus, false);
  });

  it('prints its version', async () => {
    for (const argument of ['version', '--version']) {
      const { exitCode, stdout } = await outcomeOf([argument]);
      assert.deepEqual([exitCode, stdout], [0, `freezewatch ${VERSION}\n`]);
    }
    assert.match(VERSION, /^\d+\.\d+\.\d+/);
  });

  it('lists its commands', async () => {
    const { exitCode, stdout } = await outcomeOf(['--help']);
    assert.equal(exitCode, 0);
    for (const name of COMMANDS) assert.match(stdout, new RegExp(`^  ${name} `, 'm'));
  });

  for (const name of COMMANDS) {
    it(`explains the flags of ${name} without running it`, async () => {
      const { exitCode, stdout, ran } = await outcomeOf([name, '--help']);
      assert.deepEqual([exitCode, ran], [0, []]);
      assert.match(stdout, new RegExp(`^Usage: freezewatch ${name} \\[flags\\]\n\nDoes ${name}\\.`));
      assert.match(stdout, /--log\.level <level>/);
      assert.equal((await outcomeOf(['help', name])).stdout, stdout);
    });
  }

  const mistakes = {
    'an unknown command': [['srve'], ['unknown command "srve"; did you mean serve?']],
    'a command unlike any other': [['xyzzy'], ['unknown command "xyzzy"; see freezewatch --help']],
    'a mistyped flag and its value': [
      ['--log.levle', 'info'],
      ['unknown flag --log.levle; did you mean --log.level?'],
    ],
    'a flag of another command': [['serve', '--speed=3'], ['--speed: not a flag of serve, but of demo']],
    'a value for a switch': [['break-loop', '--apply=yes'], ['--apply: takes no value']],
    'a flag without its value': [
      ['--kubeconfig', '--context', 'a'],
      ['--kubeconfig: needs a value: --kubeconfig <file>'],
    ],
    'an argument': [['demo', 'incident'], ['unexpected argument "incident": demo takes flags only']],
    'all at once': [
      ['--nonsense-flag', '--log.level', 'loud', '--shard=0/0'],
      [
        'unknown flag --nonsense-flag; see freezewatch serve --help',
        '--shard: "0/0" is not a shard: write I/N with 1 <= I <= N <= 1000, as 2/3',
        '--log.level: "loud" is none of debug, info, warn, error',
      ],
    ],
  } as const;
  for (const [title, [argv, lines]] of Object.entries(mistakes)) {
    it(`ends with 2 and names the cure for ${title}`, async () => {
      const { exitCode, stderr, ran } = await outcomeOf(argv);
      assert.deepEqual([exitCode, ran], [2, []]);
      assert.equal(stderr, lines.map((line) => `freezewatch: ${line}\n`).join(''));
    });
  }

  it('ends with 2 and lists the problems a command finds', async () => {
    const { exitCode, stderr } = await outcomeOf(['demo', '--scenario', 'refused']);
    assert.deepEqual([exitCode, stderr], [2, 'freezewatch: no cluster\nfreezewatch: no luck\n']);
  });
});
