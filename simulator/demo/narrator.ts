import type { Writable } from 'node:stream';
import { allFindings } from '../../src/findings/all-findings.ts';
import type { Finding } from '../../src/findings/finding.ts';
import type { ClusterView } from '../../src/model/view.ts';
import type { Scenario } from '../scenario.ts';

/** A cluster as those who watch the demo may reach it. */
interface ReachableCluster {
  readonly name: string;
  readonly kubeconfigFile: string;
  /** Of the exporter that watches it. */
  readonly url: string;
}

interface Introduction {
  readonly scenario: Scenario;
  readonly clusters: readonly ReachableCluster[];
  readonly telemetryPath: string;
}

const LOOK_EVERY_MS = 500;
/** A finding that comes and goes within this time is reported once. */
const SETTLED_AFTER_LOOKS = 3;

/** Tells the story of the demo: what happens in the clusters, and what freezewatch makes of it. */
export class Narrator {
  readonly #out: Writable;
  readonly #speed: number;
  readonly #startMs = performance.now();

  constructor(out: Writable, speed: number) {
    this.#out = out;
    this.#speed = speed;
  }

  /** A line without a time. */
  readonly say = (text: string): void => void this.#out.write(`${text}\n`);

  /** A line with the simulated time. */
  readonly tell = (text: string): void => this.say(`[${this.#simulatedTime()}] ${text}`);

  introduce({ scenario, clusters, telemetryPath }: Introduction): void {
    this.say(`Scenario ${scenario.name}: ${scenario.summary}`);
    this.say(
      `One second here is ${this.#speed} seconds there; every interval of the exporter and of the rules is divided by that.`,
    );
    for (const { name, url, kubeconfigFile } of clusters) {
      this.say(`\nCluster ${name}`);
      this.say(`  status page  ${url}/`);
      this.say(`  metrics      ${url}${telemetryPath}`);
      this.say(`  kubectl      kubectl --kubeconfig ${kubeconfigFile} get vmbackups -A`);
      this.say(`  the cure     freezewatch break-loop --kubeconfig ${kubeconfigFile}`);
    }
    this.say('\nCtrl-C ends everything.\n');
  }

  /** Reports each finding when it comes and when it goes, until the signal aborts. */
  watch(
    clusters: readonly { readonly name: string; readonly view: () => ClusterView }[],
    signal: AbortSignal,
  ): void {
    if (signal.aborted) return;
    const memories = clusters.map(({ name, view }) => ({
      name,
      view,
      reported: new Map<string, Remembered>(),
    }));
    const timer = setInterval(() => {
      for (const { name, view, reported } of memories) {
        for (const text of news(reported, allFindings(view()))) this.tell(`freezewatch on ${name}: ${text}`);
      }
    }, LOOK_EVERY_MS);
    signal.addEventListener('abort', () => clearInterval(timer), { once: true });
  }

  #simulatedTime(): string {
    const minutes = Math.floor(((performance.now() - this.#startMs) / 60_000) * this.#speed);
    return `${String(Math.floor(minutes / 60)).padStart(2)}h${String(minutes % 60).padStart(2, '0')}m`;
  }
}

interface Remembered {
  readonly title: string;
  readonly missedLooks: number;
}

/** The findings that are new or gone. `reported` holds the earlier ones and is brought up to date. */
function news(reported: Map<string, Remembered>, findings: readonly Finding[]): readonly string[] {
  const now = new Map(
    findings.filter(({ severity }) => severity !== 'info').map((finding) => [keyOf(finding), finding]),
  );
  const come = [...now].filter(([key]) => !reported.has(key));
  for (const [key, { title }] of now) reported.set(key, { title, missedLooks: 0 });
  const gone = [...reported].filter(
    ([key, { missedLooks }]) => !now.has(key) && missedLooks + 1 >= SETTLED_AFTER_LOOKS,
  );
  for (const [key, memory] of reported)
    if (!now.has(key)) reported.set(key, { ...memory, missedLooks: memory.missedLooks + 1 });
  for (const [key] of gone) reported.delete(key);
  return [
    ...come.map(([, { severity, title }]) => `${severity}: ${title}`),
    ...gone.map(([, { title }]) => `over: ${title}`),
  ];
}

/** One thing may first be known from VMBackups and then from logs, and of ever more VMBackups: its title is the same. */
const keyOf = ({ title }: Finding): string => title.replace(/\d+ VMBackups?/, 'VMBackups');
