import assert from 'node:assert/strict';
import { deleteBackup } from '../../src/break-loop/deletion.ts';
import { aVmBackup } from '../builders.ts';
import { apiFor, sendJson, startLocalServer } from '../cluster/local-server.ts';

describe('the deletion of a VMBackup', () => {
  it('keeps one that has not the expected shape any more, says why, and sends no DELETE', async () => {
    const server = await startLocalServer((_request, response) =>
      sendJson(response, { metadata: { namespace: 'prod', name: 'nightly' }, status: { volumeBackups: 7 } }),
    );
    const planned = aVmBackup({ namespace: 'prod', name: 'nightly' });
    const { signal } = new AbortController();
    const options = { api: apiFor(server), longhornNamespace: 'longhorn-system', signal };
    const result = await deleteBackup(planned, options);
    await server.close();
    assert.equal(result.outcome, 'kept');
    assert.match(result.reason, /^it has not the shape we rely on \(.*expected /);
    assert.deepEqual(server.requests, [
      'GET /apis/harvesterhci.io/v1beta1/namespaces/prod/virtualmachinebackups/nightly',
    ]);
  });
});
