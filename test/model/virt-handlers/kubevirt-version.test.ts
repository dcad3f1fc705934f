import assert from 'node:assert/strict';
import { compareVersions } from '../../../src/model/versions.ts';
import { kubevirtVersion, leakOf } from '../../../src/model/virt-handlers/kubevirt-version.ts';

describe('kubevirtVersion', () => {
  const cases: readonly [string, string | undefined][] = [
    ['registry.example/suse/sles/15.5/virt-handler:1.2.2-150500.8.21.1', '1.2.2'],
    ['registry.example:5000/virt-handler:1.8.4-5.2', '1.8.4'],
    ['quay.example/kubevirt/virt-handler:v1.3.1', '1.3.1'],
    ['quay.example/kubevirt/virt-handler:v1.3.1@sha256:0123', '1.3.1'],
    ['quay.example/kubevirt/virt-handler@sha256:0123456789abcdef', undefined],
    ['quay.example:5000/kubevirt/virt-handler', undefined],
    ['1.2.2-150500.8.21.1', '1.2.2'],
    ['v1.9.0-rc.2', '1.9.0'],
    ['devel', undefined],
    ['', undefined],
  ];
  for (const [image, expected] of cases) {
    it(`of ${image === '' ? 'nothing' : image} is ${String(expected)}`, () => {
      assert.equal(kubevirtVersion(image), expected);
    });
  }
});

describe('leakOf', () => {
  const cases: readonly [string | undefined, ReturnType<typeof leakOf>][] = [
    ['1.1.1', 'per_freeze'],
    ['1.2.2', 'per_freeze'],
    ['1.3.1', 'per_freeze'],
    ['1.4.0', 'per_freeze_softened'],
    ['1.4.1', 'per_freeze_softened'],
    ['1.5.2', 'per_freeze_softened'],
    ['1.5.3', 'none'],
    ['1.6.0', 'per_freeze_softened'],
    ['1.6.1', 'client_race'],
    ['1.6.3', 'client_race'],
    ['1.7.4', 'client_race'],
    ['1.8.3', 'client_race'],
    ['1.8.4', 'none'],
    ['1.10.0', 'none'],
    [undefined, 'unknown'],
  ];
  for (const [version, expected] of cases) {
    it(`of ${String(version)} is ${expected}`, () => {
      assert.equal(leakOf(version), expected);
    });
  }
});

describe('compareVersions', () => {
  it('compares numbers, not text', () => {
    assert.ok(compareVersions('1.10.0', '1.9.9') > 0);
    assert.ok(compareVersions('1.4.3', '1.5.0') < 0);
    assert.equal(compareVersions('1.4.1', '1.4.1'), 0);
  });
});
