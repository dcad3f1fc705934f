import { findProgram } from '../../simulator/demo/programs.ts';

/** The path of promtool. A machine without it must fail the tests of rules, not skip them. */
export function promtool(): string {
  const path = findProgram('promtool');
  if (path === undefined) {
    throw new Error(
      'promtool is not installed: take it from the package prometheus, or run "npm test", which gets it; "npm run test:unit" needs none',
    );
  }
  return path;
}
