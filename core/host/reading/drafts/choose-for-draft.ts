/**
 * What the automatic method would choose for the data that a draft names (runs/auto/choose-settings.ts): the settings
 * of the run that it would become. Headers of files and their first frames are read. How many of the steps fit into the
 * time that a person has is known when a run is made, and estimated elsewhere.
 */
import { ErgodicError } from '../../../errors.ts';
import { chooseSettings } from '../../../runs/auto/choose-settings.ts';
import type { Follower } from '../../../runs/follower.ts';
import type { Specification } from '../../../specification/settings.ts';
import { validateSpecification } from '../../../specification/specification.ts';
import type { Draft } from '../../contract.ts';
import { stampedKey } from '../files/open-files.ts';
import type { Answer, Questions } from '../queries.ts';
import type { ReaderCaches } from '../reader-caches.ts';
import type { Reading } from '../reading.ts';
import type { Chosen } from './chosen.ts';
import { DRAFT } from './draft-system.ts';

type Automatic = Extract<Specification, { method: 'auto' }>;

export async function chooseForDraft(
  { draft }: Questions['draft.choose'],
  { follower, caches }: Reading,
): Promise<Answer<'draft.choose'>> {
  const given = validateSpecification(draft, DRAFT);
  if (given.method !== 'auto') {
    throw new ErgodicError('These settings name their experts: there is nothing left to choose for the data.');
  }
  const { specification, choice } = await chosenFor(given, caches, follower);
  const { method: _, ...settings } = differences(given, specification);
  return { sentence: choice.sentence, settings: { ...settings, experts: plain(specification.experts) } };
}

/** Found once for the same settings and unchanged files. */
export async function chosenFor(given: Automatic, caches: ReaderCaches, follower: Follower): Promise<Chosen> {
  const { system } = given;
  const files =
    system.kind === 'molecule'
      ? system.sources.flatMap(({ structure, trajectories }) => [
          ...(structure === null ? [] : [structure]),
          ...trajectories,
        ])
      : [];
  const key = `${await stampedKey(files)}\n${JSON.stringify(given)}`;
  return caches.choices.get(key, () => chooseSettings(given, follower));
}

/** What has another value than it was given; files have the same, so that none is named. */
function differences(given: object, chosen: object): Draft {
  const before = plain(given) as Draft;
  return Object.fromEntries(
    Object.entries(plain(chosen) as Draft).flatMap(([key, value]) => {
      const old = before[key];
      if (JSON.stringify(old) === JSON.stringify(value)) return [];
      return [[key, isGroup(old) && isGroup(value) ? differences(old, value) : value]];
    }),
  );
}

const isGroup = (value: unknown): value is object =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const plain = <T>(value: T) => JSON.parse(JSON.stringify(value));
