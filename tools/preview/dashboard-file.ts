import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The parts of Grafana's dashboard JSON that a preview draws and a check reads. */
export interface DashboardFile {
  readonly uid: string;
  readonly title: string;
  readonly panels: readonly PanelJson[];
  readonly templating: { readonly list: readonly VariableJson[] };
  readonly annotations: { readonly list: readonly { readonly name: string; readonly expr: string }[] };
}

export interface VariableJson {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly query: string;
  readonly allValue?: string;
}

export interface PanelJson {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly TargetJson[];
  readonly transformations?: readonly { readonly id: string; readonly options: OrganizeJson }[];
  readonly options?: PanelOptionsJson;
  readonly fieldConfig?: {
    readonly defaults: FieldJson;
    readonly overrides: readonly {
      readonly matcher: { readonly id: string; readonly options: string };
      readonly properties: readonly { readonly id: string; readonly value: unknown }[];
    }[];
  };
}

interface TargetJson {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat?: string;
  readonly instant?: boolean;
}

interface OrganizeJson {
  readonly indexByName?: Readonly<Record<string, number>>;
  readonly renameByName?: Readonly<Record<string, string>>;
}

interface PanelOptionsJson {
  readonly textMode?: string;
  readonly colorMode?: string;
  readonly sortBy?: readonly { readonly displayName: string; readonly desc: boolean }[];
}

export interface FieldJson {
  readonly unit?: string;
  readonly decimals?: number;
  readonly min?: number;
  readonly max?: number;
  readonly noValue?: string;
  readonly mappings?: readonly MappingJson[];
  readonly thresholds?: { readonly steps: readonly StepJson[] };
  readonly custom?: {
    readonly lineInterpolation?: string;
    readonly fillOpacity?: number;
    readonly stacking?: { readonly mode: string };
    readonly thresholdsStyle?: { readonly mode: string };
  };
}

interface StepJson {
  readonly value: number;
  readonly color: string;
}

export interface MappingJson {
  readonly type: string;
  readonly options: Readonly<Record<string, { readonly text?: string; readonly color?: string }>>;
}

/** The dashboards of a directory, by file name. */
export const readDashboards = (directory: string): ReadonlyMap<string, DashboardFile> =>
  new Map(
    readdirSync(directory)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => [name, JSON.parse(readFileSync(join(directory, name), 'utf8')) as DashboardFile]),
  );
