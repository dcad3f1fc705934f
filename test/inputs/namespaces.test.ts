import assert from 'node:assert/strict';
import { findNamespaces } from '../../src/inputs/namespaces.ts';
import { ApiError } from '../../src/errors.ts';
import type { Api } from '../../src/cluster/api.ts';
import {
  accessLine,
  aPodObject,
  aVmiObject,
  watchedCluster,
  type Watched,
  type WatchedOptions,
} from './embedded-cluster.ts';

const kubeVirt = (namespace: string) => ({
  apiVersion: 'kubevirt.io/v1',
  kind: 'KubeVirt',
  metadata: { namespace, name: 'kubevirt' },
  spec: {},
  status: { observedKubeVirtVersion: 'v1.8.4' },
});
const VIRT_API = { namespace: 'kubevirt', name: 'virt-api-1' };
const FREEZES =
  'harvester_vmi_freeze_requests_total{namespace="team-a",vm="web-01",action="freeze",result="success"}';

describe('the namespaces of KubeVirt and Longhorn', () => {
  let cluster: Watched | undefined;
  const start = async (options: WatchedOptions = {}): Promise<Watched> =>
    (cluster = await watchedCluster(options));
  afterEach(async () => {
    await cluster?.close();
    cluster = undefined;
  });

  it('are those of their objects: plain KubeVirt is counted without a flag', async () => {
    const { logs, has, exporter } = await start({
      objects: [
        kubeVirt('kubevirt'),
        aPodObject('kubevirt', VIRT_API.name, 'virt-api', ['virt-api']),
        aVmiObject('team-a', 'web-01'),
      ],
    });
    await has(`${FREEZES} 0`);
    logs.append(VIRT_API, 'virt-api', accessLine('team-a', 'web-01'));
    await has(`${FREEZES} 1`);
    assert.equal(exporter.view().kubevirtNamespace, 'kubevirt');
    assert.equal(exporter.view().longhornNamespace, 'longhorn-system');
  });

  it('are looked for again until the API server answers', async () => {
    const { has, server } = await start({
      objects: [
        kubeVirt('kubevirt'),
        aPodObject('kubevirt', 'virt-handler-1', 'virt-handler', ['virt-handler']),
      ],
      prepare: ({ faults }) => void faults.inject({ type: 'status', code: 503 }),
    });
    await has('freezewatch_source_up{source="virt_handler_pods"} 0');
    server.faults.clear();
    await has('freezewatch_source_up{source="virt_handler_pods"} 1');
    await has('freezewatch_objects{resource="virt_handler_pods"} 1');
  });
});

/** An API server that knows these lists, by path; every other path is 404. */
const serverOf = (lists: Readonly<Record<string, readonly string[] | number>>): Pick<Api, 'getJson'> => ({
  getJson: (path) => {
    const answer = lists[path.replace(/\?.*/, '')] ?? 404;
    if (typeof answer === 'number') return Promise.reject(new ApiError(answer, '', ''));
    const items = answer.map((namespace) => ({ metadata: { namespace, name: 'x' } }));
    return Promise.resolve({ metadata: {}, items });
  },
});
const KUBEVIRTS = '/apis/kubevirt.io/v1/kubevirts';
const TARGETS = '/apis/longhorn.io/v1beta2/backuptargets';
const VOLUMES = '/apis/longhorn.io/v1beta2/volumes';
const NOT_GIVEN = { kubevirtNamespace: undefined, longhornNamespace: undefined };
const found = (lists: Parameters<typeof serverOf>[0], given: object = {}) =>
  findNamespaces(serverOf(lists), { ...NOT_GIVEN, ...given }, new AbortController().signal);

describe('findNamespaces', () => {
  it('takes the namespace of the only KubeVirt, and of Longhorn, whichever of its kinds has objects', async () => {
    assert.deepEqual(await found({ [KUBEVIRTS]: ['kubevirt'], [TARGETS]: [], [VOLUMES]: ['lh', 'lh'] }), {
      kubevirt: 'kubevirt',
      longhorn: 'lh',
      doubts: [],
    });
  });

  it('takes those of Harvester where none or several are found, and says so', async () => {
    assert.deepEqual(await found({ [KUBEVIRTS]: ['b', 'a'], [TARGETS]: [], [VOLUMES]: 403 }), {
      kubevirt: 'harvester-system',
      longhorn: 'longhorn-system',
      doubts: [
        { component: 'kubevirt', found: ['a', 'b'], taken: 'harvester-system' },
        { component: 'longhorn', found: [], taken: 'longhorn-system' },
      ],
    });
  });

  it('has no doubt about what the cluster does not serve, nor about what was given', async () => {
    assert.deepEqual(await found({ [KUBEVIRTS]: ['a', 'b'] }, { kubevirtNamespace: 'mine' }), {
      kubevirt: 'mine',
      longhorn: 'longhorn-system',
      doubts: [],
    });
  });

  it('fails while the server gives no answer', async () => {
    await assert.rejects(found({ [KUBEVIRTS]: 503 }), ApiError);
    await assert.rejects(found({ [KUBEVIRTS]: 429 }), ApiError);
  });
});
