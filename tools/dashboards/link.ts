import type { Builder } from '@grafana/grafana-foundation-sdk/cog';
import { type DashboardLink, DashboardLinkType } from '@grafana/grafana-foundation-sdk/dashboard';

/** The stable uid of each dashboard. */
export const UID = {
  overview: 'freezewatch-overview',
  freeze: 'freezewatch-freeze',
  backups: 'freezewatch-backups',
  target: 'freezewatch-target',
  fleet: 'freezewatch-fleet',
} as const;
export type DashboardName = keyof typeof UID;

/** On every dashboard of the set. */
export const TAG = 'freezewatch';

/** A link from a value to another dashboard. The chosen clusters, data source and time range go along. */
export interface DataLink {
  readonly title: string;
  readonly dashboard: DashboardName;
  /** Variables of the other dashboard, and what each is set to: a label of the value, or a column of its row. */
  readonly set?: Readonly<Record<string, string>>;
}

/** A label of the series that was clicked, as Grafana writes it in a link. */
export const label = (name: string): string => `\${__field.labels.${name}}`;
/** A column of the row that was clicked, by its header, which is one word. */
export const column = (header: string): string => `\${__data.fields.${header}}`;

/** The link as Grafana keeps it. */
export function dataLink({ title, dashboard, set = {} }: DataLink): DashboardLink {
  const parameters = [
    '${datasource:queryparam}',
    ...('cluster' in set ? [] : ['${cluster:queryparam}']),
    ...Object.entries(set).map(([variable, value]) => `var-${variable}=${value}`),
    '${__url_time_range}',
  ];
  return {
    ...LINK,
    title,
    type: DashboardLinkType.Link,
    url: `/d/${UID[dashboard]}?${parameters.join('&')}`,
  };
}

/** The same for the SDK's builders, which would add what only newer Grafanas know. */
export const dataLinkBuilder = (link: DataLink): Builder<DashboardLink> => ({ build: () => dataLink(link) });

/** The bar of links to every dashboard of the set; variables and time range go along. */
export const setLinks = (): DashboardLink => ({
  ...LINK,
  title: 'Freezewatch',
  type: DashboardLinkType.Dashboards,
  tags: [TAG],
  includeVars: true,
  keepTime: true,
});

const LINK = {
  icon: 'external link',
  tooltip: '',
  url: '',
  tags: [],
  asDropdown: false,
  targetBlank: false,
  includeVars: false,
  keepTime: false,
};
