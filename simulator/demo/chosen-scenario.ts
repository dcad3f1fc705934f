import type { Config } from '../../src/config/config.ts';
import { ConfigError } from '../../src/errors.ts';
import type { Scenario } from '../scenario.ts';
import { scenarioNamed } from '../scenarios.ts';

/** The scenario the flags ask for. Throws ConfigError when there is none, or when it has fewer clusters than asked for. */
export function chosenScenario({
  scenario: name,
  clusters,
}: Pick<Config, 'scenario' | 'clusters'>): Scenario {
  const scenario = named(name ?? ((clusters ?? 1) > 1 ? 'two-clusters' : 'incident'));
  if (clusters !== undefined && clusters > scenario.clusters.length) {
    throw new ConfigError([
      `--clusters: scenario ${scenario.name} has ${scenario.clusters.length}, not ${clusters}`,
    ]);
  }
  return scenario;
}

function named(name: string): Scenario {
  try {
    return scenarioNamed(name);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new ConfigError([`--scenario: ${error.message}`], error);
  }
}
