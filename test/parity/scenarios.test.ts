import assert from 'node:assert/strict';
import { SCENARIOS } from '../../simulator/scenarios.ts';
import { differences } from './differences.ts';
import { EXPLAINED } from './explained.ts';
import { played, START } from './played.ts';

/** Long enough for every loop, loss and suspension of the stories to be told by both. */
const MINUTES = 150;

describe('alerts and findings', function () {
  this.timeout(180_000);
  for (const scenario of SCENARIOS) {
    it(`say the same of the scenario ${scenario.name}`, async () => {
      for (const story of played(scenario, MINUTES)) {
        const { onlyAlert, onlyFinding } = await differences(story, MINUTES - 1, START);
        const unexplained = (keys: readonly string[]) =>
          keys.filter((key) => EXPLAINED[key.split(' ')[0] ?? ''] === undefined);
        assert.deepEqual(
          { onlyAlert: unexplained(onlyAlert), onlyFinding: unexplained(onlyFinding) },
          { onlyAlert: [], onlyFinding: [] },
          story.trace.name,
        );
      }
    });
  }
});
