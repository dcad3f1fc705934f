import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { projectRoot } from '../../src/project-root.ts';
import { scenarioNamed } from '../../simulator/scenarios.ts';
import { startSimulation, type SimulatedCluster } from '../../simulator/simulation.ts';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** An operator's shell in the incident: kubectl and freezewatch reach its cluster. */
export interface IncidentShell {
  readonly cluster: SimulatedCluster;
  /** A POSIX shell that stops at the first command that fails, and at a variable that is not set. */
  run(script: string, timeoutMs: number): Promise<Outcome>;
  close(): Promise<void>;
}

/** Starts the incident; simulated time runs 20 times as fast. */
export async function openIncidentShell(): Promise<IncidentShell> {
  const simulation = await startSimulation({ scenario: scenarioNamed('incident'), speed: 20 });
  const cluster = simulation.cluster('prod');
  const folder = mkdtempSync(join(tmpdir(), 'freezewatch-runbooks-'));
  const kubeconfig = join(folder, 'config');
  writeFileSync(kubeconfig, cluster.kubeconfig);
  const program = join(folder, 'freezewatch');
  writeFileSync(program, `#!/bin/sh\nexec '${process.execPath}' --import tsx src/cli.ts "$@"\n`);
  chmodSync(program, 0o755);
  const path = [folder, process.env.PATH ?? ''].join(delimiter);
  const env = { PATH: path, HOME: folder, KUBECONFIG: kubeconfig };
  return {
    cluster,
    run: (script, timeoutMs) =>
      new Promise((resolve) => {
        const options = { env, cwd: projectRoot(), timeout: timeoutMs };
        execFile('sh', ['-euc', script], options, (error, stdout, stderr) => {
          const code = error === null ? 0 : typeof error.code === 'number' ? error.code : 1;
          resolve({ code, stdout, stderr });
        });
      }),
    close: async () => {
      await simulation.close();
      rmSync(folder, { recursive: true });
    },
  };
}
