import assert from 'node:assert/strict';
import { compareVersions } from '../../src/model/versions.ts';
import { leakOf, type Leak } from '../../src/model/virt-handlers/kubevirt-version.ts';
import { HARVESTER_VERSIONS, harvesterRelease } from '../../simulator/releases.ts';
import { pages } from './runbook-pages.ts';

const WORDS: Readonly<Record<Leak, string>> = {
  per_freeze: 'yes, about 110 KiB a call',
  per_freeze_softened: 'yes: 107 KiB for 30 minutes, 26 KiB for good',
  client_race: 'no; a race between controllers still loses clients',
  none: 'no',
  unknown: '',
};

const ROW = /^\| (1\.[^|]*)\|([^|]*)\|([^|]*)\|([^|]*)\|/gm;
/** The rows of the table of versions; the Harvester releases are a list or a range. */
const rows = Array.from(
  pages.find(({ name }) => name === 'README')?.text.matchAll(ROW) ?? [],
  ([, harvester = '', kubevirt = '', leak = '', loop = '']) => ({
    harvester: harvester.trim().split(/ – |, /),
    kubevirt: kubevirt.trim().split(', '),
    leak: leak.trim(),
    loop: loop.trim(),
  }),
);

describe('the table of versions', () => {
  for (const { harvester, kubevirt, leak } of rows) {
    it(`says of Harvester ${harvester.join(' to ')} what the exporter says of its KubeVirt`, () => {
      for (const version of kubevirt) assert.equal(leak, WORDS[leakOf(version)], version);
    });
  }

  for (const version of HARVESTER_VERSIONS) {
    it(`says of Harvester ${version} what the simulator does`, () => {
      const row = rows.find(
        ({ harvester: [first = '', last = first] }) =>
          compareVersions(version, first) >= 0 && compareVersions(version, last) <= 0,
      );
      const { kubevirt, freezesBeforeBinding } = harvesterRelease(version);
      assert.ok(row !== undefined, 'no row');
      assert.ok(row.kubevirt.includes(kubevirt), kubevirt);
      assert.equal(row.loop.startsWith('yes'), freezesBeforeBinding);
    });
  }
});
