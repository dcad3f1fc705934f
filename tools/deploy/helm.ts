import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { programCache } from '../../simulator/demo/programs.ts';

/** The path of helm: from PATH, else from the cache that `.ci/checks/deploy` fills; undefined without helm. */
export function findHelm(path = process.env.PATH ?? ''): string | undefined {
  const directories = [...path.split(delimiter).filter((directory) => directory !== ''), programCache()];
  return directories.map((directory) => join(directory, 'helm')).find((file) => existsSync(file));
}

export interface HelmAnswer {
  readonly status: number;
  readonly stdout: string;
  /** Without the notes about the links to rules/ and grafana/. */
  readonly stderr: string;
}

/** Runs helm to its end with any exit code; throws only when it cannot be started. */
export function runHelm(helm: string, args: readonly string[]): HelmAnswer {
  const { status, stdout, stderr, error } = spawnSync(helm, args, {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (error !== undefined) throw new Error(`${helm} cannot be started`, { cause: error });
  const lines = stderr.split('\n').filter((line) => !line.includes('found symbolic link in path'));
  return { status: status ?? 1, stdout, stderr: lines.join('\n') };
}

interface Rendering {
  readonly helm: string;
  /** Where deploy/chart is. */
  readonly root: string;
  readonly namespace?: string;
  /** As for `helm template`: `--set`, `a.b=c`, … */
  readonly args?: readonly string[];
}

/** A helm built with Go claims to render for Kubernetes 1.20. */
const KUBERNETES = '1.32.0';

/** Renders release `freezewatch` as `helm install` would make it; what helm refuses is in `stderr`. */
export function renderChart({
  helm,
  root,
  namespace = 'harvester-system',
  args = [],
}: Rendering): HelmAnswer {
  const fixed = ['--namespace', namespace, '--kube-version', KUBERNETES];
  return runHelm(helm, ['template', 'freezewatch', join(root, 'deploy/chart'), ...fixed, ...args]);
}
