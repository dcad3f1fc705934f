import { backups } from './boards/backups.ts';
import { fleet } from './boards/fleet.ts';
import { freeze } from './boards/freeze.ts';
import { overview } from './boards/overview.ts';
import { target } from './boards/target.ts';
import { type Board, dashboardJson } from './dashboard-json.ts';

/** Every dashboard of the set, as we write it. */
export const boards = (): readonly Board[] => [overview(), freeze(), backups(), target(), fleet()];

/** The dashboards as files: `grafana/<name>.json`. JSON has no comments; each says in its description that it is generated. */
export const generatedDashboards = (): readonly { readonly path: string; readonly text: string }[] =>
  boards().map((board) => ({
    path: `grafana/${board.name}.json`,
    text: `${JSON.stringify(dashboardJson(board), null, 2)}\n`,
  }));
