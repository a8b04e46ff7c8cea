/** What a selection picks of a molecule, and what its beads would be. */
import { beadReader } from '../../runs/molecule-data.ts';
import { beadTopology, mapBeads } from '../../systems/beads.ts';
import { select } from '../../systems/selection.ts';
import { drawable } from './drawable.ts';
import type { Answer, Questions } from './questions.ts';
import type { Reading } from './reading.ts';

export async function selectAtoms(
  { source: paths, selection }: Questions['data.select'],
  { follower, kept: { sources } }: Reading,
): Promise<Answer<'data.select'>> {
  const { topology } = await sources.open(paths, follower.task('opening'));
  const places = Uint32Array.from(select(topology, selection));
  return { atoms: places.length, of: topology.atoms.length, places };
}

export async function sourceBeads(
  { source: paths, beads: request, groups }: Questions['data.beads'],
  { follower, kept: { sources } }: Reading,
): Promise<Answer<'data.beads'>> {
  const { path, topology, first } = await sources.open(paths, follower.task('opening'));
  const mapping = mapBeads(topology, groups.length > 0 ? { groups } : request);
  const positions = new Float64Array(3 * mapping.beads.length);
  beadReader(topology, mapping)(first, positions, { path, frame: 0 });
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
    positions: Float32Array.from(positions),
  };
}
