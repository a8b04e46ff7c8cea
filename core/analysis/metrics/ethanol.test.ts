/**
 * The measures of structure on ethanol at 500 K: two halves of a well-mixed reference, and a short trajectory whose methyl
 * group is in one of three wells, against it. Values of another program (NumPy), in Å where it has them in Å.
 */
import { existsSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';
import { framesOf, openStructure, openTrajectory } from '../../storage/molecule-files.ts';
import { withBonds } from '../../systems/bonds.ts';
import type { Topology } from '../../systems/topology.ts';
import { ANGSTROM } from '../../units.ts';
import { type Conformations, conformations, frameAt } from '../geometry/conformations.ts';
import { nearestTrainingFrames } from './nearest-frame.ts';
import { structureDifference } from './structure-difference.ts';
import { structureAgainst } from './structure-quality.ts';
import { structureParts, structureSummary } from './structure-summary.ts';

const DATA = new URL('../../../../shared/data/ethanol/', import.meta.url);
const isMissing = !existsSync(DATA);
if (isMissing)
  console.warn('`../shared/data/ethanol` is missing: measures of structure are compared with none of NumPy.');

const task = { name: 'reading', signal: new AbortController().signal, report: () => undefined };

async function read(name: string): Promise<Conformations> {
  await using trajectory = await openTrajectory(new URL(name, DATA).pathname);
  const all: number[] = [];
  for await (const { positions } of framesOf(trajectory, 1, task)) all.push(...positions);
  return conformations(Float32Array.from(all), trajectory.reader.atoms);
}

describe.skipIf(isMissing)('ethanol', () => {
  let topology: Topology;
  let sets: Record<'first' | 'second' | 'reference' | 'biased', Conformations>;

  beforeAll(async () => {
    const [first, second] = [await read('rmd17_ethanol_train.xyz'), await read('rmd17_ethanol_test.xyz')];
    const reference = conformations(Float32Array.of(...first.positions, ...second.positions), first.atoms);
    sets = { first, second, reference, biased: await read('md17_ethanol_2000_biased.npz') };
    await using structure = await openStructure(new URL('rmd17_ethanol_train.xyz', DATA).pathname, task);
    topology = withBonds(structure.topology, frameAt(first, 0));
  });

  function difference(model: Conformations, reference: Conformations) {
    const parts = structureParts(topology, reference);
    expect(parts.limit).toBe(0.5);
    expect(parts.kinds).toEqual(['C–C', 'C–O', 'C–H', 'O–H', 'H–H']);
    const found = structureDifference(structureSummary(model, parts), structureSummary(reference, parts));
    const rounded = (value: number, digits: number) => Number(value.toFixed(digits));
    return {
      distances: found.distances.map((one) => rounded(one, 3)),
      byKind: found.byKind.map((one) => rounded(one[1]!, 3)),
      pooledW2: found.pooledW2 / ANGSTROM,
      pairW2: rounded(found.pairW2 / ANGSTROM, 4),
      bondMeans: rounded(found.bondMeans / ANGSTROM, 4),
      bondWidths: rounded(found.bondWidths, 2),
      within: [found.within30, found.within50],
      torsions: rounded(found.torsions, 2),
    };
  }

  test('two halves of the reference, 1,000 frames each', () => {
    expect(difference(sets.first, sets.second)).toEqual({
      distances: [0.011, 0.017, 0.028, 0.047],
      byKind: [0.048, 0.034, 0.021, 0.039, 0.03],
      pooledW2: expect.closeTo(0.0035, 3),
      pairW2: 0.0106,
      bondMeans: 0.0013,
      bondWidths: 1,
      within: [1, 1],
      torsions: 0.01,
    });
  });

  test('the biased trajectory: distances and bonds that are off, and a methyl group that does not turn', () => {
    expect(difference(sets.biased, sets.reference)).toEqual({
      distances: [0.037, 0.066, 0.076, 0.084],
      byKind: [0.06, 0.128, 0.106, 0.119, 0.063],
      pooledW2: expect.closeTo(0.0109, 4),
      pairW2: 0.13,
      bondMeans: 0.0031,
      bondWidths: 0.77,
      within: [1, 1],
      torsions: 0.24,
    });
  });

  test('at equal count the floor is that of two halves, and the biased trajectory far above it', () => {
    const found = structureAgainst(topology, sets.reference)(sets.biased)!;
    expect([found.count, found.against]).toEqual([1000, 1000]);
    const floors = [0.011, 0.017, 0.028, 0.047];
    for (const [i, { floor }] of found.distances.entries()) {
      // Another half each time.
      expect(Math.abs(floor.mean - floors[i]!)).toBeLessThan(3 * floor.deviation);
    }
    expect(found.pooledW2.floor.mean / ANGSTROM).toBeCloseTo(0.0041, 3);
    expect(found.pairW2.floor.mean / ANGSTROM).toBeCloseTo(0.0107, 2);
    expect(found.pairW2.ratio).toBeGreaterThan(8);
    expect(found.bondWidths!.value.mean).toBeCloseTo(0.77, 1);
  });

  test('a model that draws its training frames is found out', () => {
    const measure = nearestTrainingFrames(sets.biased, sets.reference)!;
    const { median, reference } = measure(sets.biased);
    expect(median).toBeLessThan(1e-5);
    expect(reference.median).toBeGreaterThan(0.05);
  });
});
