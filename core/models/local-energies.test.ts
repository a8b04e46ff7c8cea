import { describe, expect, test } from 'vitest';
import { gradients } from '../program/differentiate.ts';
import { constant } from '../program/primitives.ts';
import type { Tensor } from '../program/tensor.ts';
import { allTorsions, torsionsOf } from '../systems/torsions.ts';
import type { ConformationStatistics } from './conformation-statistics.ts';
import { evaluated, numbers, numbersFor, relativeError } from './evaluated.test-support.ts';
import { bondsApart, type KindedStructure } from './kinded-structure.ts';
import type { NetworkKind } from './networks.ts';
import { networkOf } from './networks.ts';
import { type StatisticsByKind, statisticsByKind, statisticsOfKinds } from './statistics-by-kind.ts';

const kinds: readonly NetworkKind[] = ['local', 'local-shape'];
const RANGE = [0, 1] as const;
const CHEMISTRY = 3;

function molecule(letters: string, bonds?: readonly (readonly [number, number])[]): KindedStructure {
  const beads = letters.length;
  const chain = Array.from({ length: beads - 1 }, (_, i): [number, number] => [i, i + 1]);
  const own = { beads, bonds: bonds ?? chain };
  const neighbours = (bead: number) => own.bonds.flat().filter((end) => end === bead).length;
  const names = [...letters].map((letter, bead) => `${letter}/X${neighbours(bead)}`);
  return { ...own, kinds: names, torsions: allTorsions(own), rotatable: torsionsOf(own) };
}

/** A compact shape with small vibrations. */
function tablesFor(structure: KindedStructure): StatisticsByKind {
  const frames = 50;
  const shape = numbers(3 * structure.beads, 11);
  const moves = numbers(3 * structure.beads * frames, 12);
  const positions = Float32Array.from(moves, (move, i) => shape[i % shape.length]! + 0.03 * move);
  return statisticsByKind([{ structure, conformations: { positions, frames, scale: 0.2 } }]);
}

interface Case {
  readonly own: KindedStructure;
  readonly known: readonly KindedStructure[];
  readonly statistics: ConformationStatistics;
  readonly layers?: number;
  readonly reach?: number;
}

/** Energy and forces of one configuration, with weights that are the same for all molecules. */
async function evaluate(
  kind: NetworkKind,
  { own, known, statistics, layers = 2, reach = 4 }: Case,
  x: Float64Array,
  chemistry: Float64Array,
) {
  const network = networkOf({ kind });
  const settings = { hidden: 4, layers, reach, timeResolution: 0.05 };
  const size = { shape: [own.beads, 3], features: CHEMISTRY, statistics, kinds: { own, known } };
  const spec = network.sized(settings, size);
  const parameters = network.parameters(spec, RANGE, 'energy');
  const weights = Object.fromEntries(parameters.map(({ name, shape }, i) => [name, numbersFor(shape, i + 3)]));
  const given = {
    x: { shape: [own.beads, 3], values: x },
    features: { shape: [own.beads, CHEMISTRY], values: chemistry },
  };
  const { energy, force } = await evaluated({ ...weights, ...given }, (all: Record<string, Tensor>) => {
    const noise = { mean: constant(0.8), variance: constant(0.36) };
    const energy = network.evaluate(spec, RANGE, 'energy', all, {
      x: all.x!,
      t: constant(0.3),
      noise,
      features: all.features!,
    });
    return { energy, force: gradients(energy, [all.x!])[0]! };
  });
  return { energy: energy![0]!, force: force! };
}

const rowsInOrder = (values: Float64Array, order: readonly number[], width: number) =>
  Float64Array.from(order.flatMap((row) => [...values.subarray(row * width, (row + 1) * width)]));

describe.each(kinds)('%s', (kind) => {
  const branched = molecule('ABCDEF', [
    [0, 1],
    [1, 2],
    [1, 3],
    [3, 4],
    [4, 5],
  ]);
  const statistics = statisticsOfKinds(tablesFor(branched), branched);
  const x = numbers(18, 11);
  const chemistry = numbers(6 * CHEMISTRY, 8);

  test('beads in another order have the same energy and the same forces', async () => {
    const order = [4, 2, 5, 1, 0, 3];
    const bonds = branched.bonds.map(([a, b]) => [order.indexOf(a), order.indexOf(b)].sort() as [number, number]);
    const own = molecule(order.map((bead) => 'ABCDEF'[bead]!).join(''), bonds);
    const other = { own, known: [branched], statistics: statisticsOfKinds(tablesFor(branched), own) };
    const straight = await evaluate(kind, { own: branched, known: [branched], statistics }, x, chemistry);
    const otherwise = await evaluate(kind, other, rowsInOrder(x, order, 3), rowsInOrder(chemistry, order, CHEMISTRY));
    expect(otherwise.energy).toBeCloseTo(straight.energy, 9);
    expect(relativeError(otherwise.force, rowsInOrder(straight.force, order, 3))).toBeLessThan(1e-9);
  });

  test('what chemistry says of a bead is felt within reach, and no further', async () => {
    const chain = molecule('AAAAAAAAA');
    const own = {
      own: chain,
      known: [chain],
      statistics: statisticsOfKinds(tablesFor(chain), chain),
      layers: 1,
      reach: 2,
    };
    const [positions, before] = [numbers(27, 2), numbers(9 * CHEMISTRY, 5)];
    const changed = (bead: number) =>
      before.map((value, i) => (Math.floor(i / CHEMISTRY) === bead ? value + 1 : value));
    const forceOnFirst = async (given: Float64Array) => [
      ...(await evaluate(kind, own, positions, given)).force.slice(0, 3),
    ];
    const plain = await forceOnFirst(before);
    expect(relativeError(await forceOnFirst(changed(1)), plain)).toBeGreaterThan(1e-4);
    // Smoothing by the chain lets every feature of the shape see every bead.
    if (kind === 'local') expect(await forceOnFirst(changed(8))).toEqual(plain);
  });

  test('a molecule that was not seen takes the weights of its kinds, and of what is coarsely alike', async () => {
    const [seen, unseen] = [molecule('AAAAA'), molecule('AAAAAA')];
    const tables = tablesFor(seen);
    const [positions, given] = [numbers(18, 2), numbers(6 * CHEMISTRY, 5)];
    const energyOf = async (own: KindedStructure) =>
      (await evaluate(kind, { own, known: [seen], statistics: statisticsOfKinds(tables, unseen) }, positions, given))
        .energy;
    const own = await energyOf(unseen);
    expect(Number.isFinite(own)).toBe(true);
    expect(await energyOf(molecule('BBBBBB'))).toBeCloseTo(own, 9);
    const unlike = { ...unseen, kinds: unseen.kinds.map(() => 'C/Y') };
    expect(Math.abs((await energyOf(unlike)) - own)).toBeGreaterThan(1e-3);
  });
});

test('bonds between beads are counted along the shortest way, and only so far', () => {
  const apart = bondsApart(molecule('AAAAAAAAAAAAAAAA'));
  expect(apart[0]!.slice(0, 4)).toEqual([0, 1, 2, 3]);
  expect(apart[15]![0]).toBe(12);
  const ring = molecule('AAAA', [
    [0, 1],
    [1, 2],
    [2, 3],
    [0, 3],
  ]);
  expect(bondsApart(ring)[0]).toEqual([0, 1, 2, 1]);
});
