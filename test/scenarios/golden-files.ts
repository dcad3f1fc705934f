import { join } from 'node:path';
import { isOlder } from '../../simulator/releases.ts';
import { GOLDEN_STORIES, GOLDEN_VERSIONS, type GoldenStory } from './golden-stories.ts';

/** Where the golden files are. */
export const GOLDEN_FOLDER = join(import.meta.dirname, 'golden');

/** One golden file: the exposition of one version at the end of one story. */
export interface GoldenFile {
  readonly version: string;
  readonly story: GoldenStory;
  readonly file: string;
}

/** Every golden file there has to be. */
export const GOLDEN_FILES: readonly GoldenFile[] = GOLDEN_VERSIONS.flatMap((version) =>
  GOLDEN_STORIES.filter(({ from }) => from === undefined || !isOlder(version, from)).map((story) => ({
    version,
    story,
    file: `${version}-${story.name}.prom`,
  })),
);
