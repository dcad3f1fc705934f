import type { Scenario } from './scenario.ts';
import { healthy } from './scenarios/healthy.ts';
import { incident } from './scenarios/incident.ts';

/** Every story the simulator can tell. */
export const SCENARIOS: readonly Scenario[] = [incident, healthy];

/** The scenario of a name; throws a RangeError that lists them all. */
export function scenarioNamed(name: string): Scenario {
  const scenario = SCENARIOS.find((candidate) => candidate.name === name);
  if (scenario === undefined)
    throw new RangeError(
      `there is no scenario ${name}; there are ${SCENARIOS.map((each) => each.name).join(', ')}`,
    );
  return scenario;
}
