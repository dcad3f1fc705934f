import { MappingType, type ValueMapping } from '@grafana/grafana-foundation-sdk/dashboard';

/** Words and colours for the values of a metric that stand for something. */
export const words = (
  meanings: Readonly<Record<string, { readonly text: string; readonly colour?: string }>>,
): readonly ValueMapping[] => [
  {
    type: MappingType.ValueToText,
    options: Object.fromEntries(
      Object.entries(meanings).map(([value, { text, colour }], index) => [
        value,
        { text, index, ...(colour === undefined ? {} : { color: colour }) },
      ]),
    ),
  },
];
