/**
 * What a draft is about, as far as its data go: the system it would be a run of, seen in its plane. The rest of the
 * draft may be half typed.
 */
import { moleculeRecord } from '../../../runs/data/molecule-record.ts';
import { type RunSystem, systemOf } from '../../../runs/data/run-system.ts';
import type { Follower } from '../../../runs/follower.ts';
import type { Specification } from '../../../specification/settings.ts';
import { validateSpecification } from '../../../specification/specification.ts';
import type { ReaderCaches } from '../reader-caches.ts';
import type { Loaded } from './loaded-data.ts';

/** What a draft is called in sentences. */
export const DRAFT = 'settings';

export interface Target {
  /** Of its data alone. */
  readonly specification: Specification;
  readonly loaded: Loaded;
  readonly system: RunSystem;
  /** Says which plane it is. */
  readonly plane: string;
}

export async function loadTarget(draft: unknown, caches: ReaderCaches, follower: Follower): Promise<Target> {
  const { system: kind, evaluate } = (draft ?? {}) as Readonly<Record<string, unknown>>;
  const wanted = { ...(kind === undefined ? {} : { system: kind }), ...(evaluate === undefined ? {} : { evaluate }) };
  const specification = validateSpecification(wanted, DRAFT);
  const { system: own } = specification;
  const loaded = await caches.data.of(own, follower);
  const { molecule } = loaded;
  if (own.kind !== 'molecule' || !molecule) {
    const plane = JSON.stringify([own.kind, specification.evaluate]);
    return { specification, loaded, system: systemOf({ specification }), plane };
  }
  // Of the target alone, so that nothing else has to be loaded for a picture of it.
  const record = moleculeRecord([{ ...molecule, use: 'train' }], own);
  const system = systemOf({ specification, molecule: record });
  return { specification, loaded, system, plane: JSON.stringify(record.plane) };
}
