import type { Scenario } from './scenario.ts';
import { frozenGuest } from './scenarios/frozen-guest.ts';
import { healthy } from './scenarios/healthy.ts';
import { incident } from './scenarios/incident.ts';
import { plainKubeVirt } from './scenarios/plain-kubevirt.ts';
import { readyButDangling } from './scenarios/ready-but-dangling.ts';
import { scheduleTrouble } from './scenarios/schedule-trouble.ts';
import { twoClusters } from './scenarios/two-clusters.ts';

/** Every story the simulator can tell. */
export const SCENARIOS: readonly Scenario[] = [
  incident,
  healthy,
  twoClusters,
  readyButDangling,
  scheduleTrouble,
  frozenGuest,
  plainKubeVirt,
];

/** The scenario of a name; throws a RangeError that lists them all. */
export function scenarioNamed(name: string): Scenario {
  const scenario = SCENARIOS.find((candidate) => candidate.name === name);
  if (scenario === undefined) {
    const known = SCENARIOS.map((each) => each.name).join(', ');
    throw new RangeError(`there is no scenario ${name}; there are ${known}`);
  }
  return scenario;
}
