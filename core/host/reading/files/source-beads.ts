/** What a selection picks of a molecule, and what its beads would be. */
import { beadTopology } from '../../../systems/beads.ts';
import { select } from '../../../systems/selection.ts';
import type { Answer, Questions } from '../queries.ts';
import type { Reading } from '../reading.ts';
import { drawable } from './drawable.ts';

export async function selectAtoms(
  { source: paths, selection }: Questions['data.select'],
  { follower, caches: { sources } }: Reading,
): Promise<Answer<'data.select'>> {
  const { topology } = await sources.open(paths, follower.task('opening'));
  const indices = Uint32Array.from(select(topology, selection));
  return { atoms: indices.length, of: topology.atoms.length, indices };
}

export async function sourceBeads(
  { source: paths, beads, groups }: Questions['data.beads'],
  { follower, caches: { beadFrames } }: Reading,
): Promise<Answer<'data.beads'>> {
  const task = follower.task('opening');
  const opened = await beadFrames.open(paths, { beads, groups }, task);
  const { positions } = await beadFrames.frame(opened, 0, 1, task);
  const { mapping } = opened;
  return {
    structure: drawable(beadTopology(mapping), positions),
    beads: mapping.beads.map(({ name, residueName, residueNumber, chain, mass, atoms }) => ({
      name,
      residue: residueName,
      number: residueNumber,
      chain,
      mass,
      atoms: [...atoms],
    })),
    positions,
  };
}
