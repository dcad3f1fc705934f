import type { Family } from '../../src/metrics/family.ts';
import type { ClusterView } from '../../src/model/view.ts';

/** The samples of a family as lines of text, labels in the declared order, sorted. */
export function seriesOf(family: Family, view: ClusterView): readonly string[] {
  return Array.from(family.observe(view), ({ labels, value }) => {
    const unknown = Object.keys(labels).filter((label) => !family.labels.includes(label));
    if (unknown.length > 0) throw new Error(`${family.name} does not declare ${unknown.join(', ')}`);
    const text = family.labels.map((label) => `${label}="${labels[label] ?? ''}"`).join(',');
    return `${family.name}{${text}} ${value}`;
  }).sort();
}
