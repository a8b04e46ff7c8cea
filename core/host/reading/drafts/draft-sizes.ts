/**
 * What a draft would be trained on, as far as the time of a step depends on it: how large the molecules are and what the
 * network is told of their beads. First frames only; of many molecules a small, a middling and a large one.
 */
import { ErgodicError } from '../../../errors.ts';
import type { StatisticsNeed } from '../../../methods/method.ts';
import { methodOf } from '../../../methods/methods.ts';
import { assumedTree, type BeadTree, placements } from '../../../models/bead-tree.ts';
import { assumedStatistics, type ConformationStatistics } from '../../../models/conformation-statistics.ts';
import type { KindedStructure, KnownKinds } from '../../../models/kinded-structure.ts';
import { type TrainingSet, trainingSet } from '../../../runs/data/data-set.ts';
import { systemOf } from '../../../runs/data/run-system.ts';
import type { Follower } from '../../../runs/follower.ts';
import type { MoleculeSpecification, Specification } from '../../../specification/settings.ts';
import { beadFeatures } from '../../../systems/bead-features.ts';
import { kindedStructure } from '../../../systems/bead-kinds.ts';
import { beadTopology } from '../../../systems/beads.ts';
import { coordinateScale } from '../../../systems/centre.ts';
import { thermalEnergy } from '../../../units.ts';
import type { ReaderCaches } from '../reader-caches.ts';

/** Conformations of each size: enough that no batch is a copy of one. */
const COUNT = 64;
/** Molecules whose files are looked into. */
const MOST_SOURCES = 24;
const MOST_SIZES = 3;

export interface Typical {
  readonly sets: readonly TrainingSet[];
  /** Of the first set, with assumed numbers, on which no time depends. */
  readonly statistics?: ConformationStatistics | undefined;
  readonly kinds?: KnownKinds | undefined;
}

export async function typicalSets(
  specification: Specification,
  caches: ReaderCaches,
  follower: Follower,
): Promise<Typical> {
  const { system: own } = specification;
  if (own.kind === 'molecule') {
    const need = methodOf(specification).needsStatistics?.(specification);
    return moleculeSets(own, need, caches, follower);
  }
  const system = systemOf({ specification });
  const { shape } = system;
  return { sets: [trainingSet({ name: own.kind, shape, ...repeated(new Float32Array(shape[0]!)) }, system)] };
}

async function moleculeSets(
  own: MoleculeSpecification,
  need: StatisticsNeed | undefined,
  caches: ReaderCaches,
  follower: Follower,
): Promise<Typical> {
  const trained = own.sources.filter(({ use }) => use === 'train');
  if ((need === 'one' || need === 'both') && trained.length > 1) {
    throw new ErgodicError(
      'An expert is made for one molecule, and there are several to train on: use the networks local and local-shape.',
    );
  }
  const sources = evenly(trained, MOST_SOURCES);
  const task = follower.task('looking at files');
  const found: TrainingSet[] = [];
  const structures: KindedStructure[] = [];
  const trees: (BeadTree | undefined)[] = [];
  for (const source of sources) {
    const opened = await caches.beadFrames.open(source, own, task);
    const { positions } = await caches.beadFrames.frame(opened, 0, 1, task);
    if (need) {
      const topology = beadTopology(opened.mapping);
      const placed = placements(topology.atoms.length, topology.bonds);
      structures.push(kindedStructure(topology));
      trees.push(placed && assumedTree(placed));
    }
    const scale = coordinateScale();
    scale.add(positions);
    const shape = [positions.length / 3, 3];
    const measured = {
      name: source.structure!,
      shape,
      ...repeated(positions),
      features: featuresOf(own, opened.mapping),
    };
    found.push(trainingSet(measured, { scale: scale.value(), kT: thermalEnergy(own.temperature) }));
  }
  const sets = found.map((set, i) => {
    const own = structures[i];
    const statistics = own && { ...assumedStatistics(own), tree: trees[i] };
    return own ? { ...set, own: { statistics, kinds: { own, known: structures } } } : set;
  });
  const bySize = sets.toSorted((a, b) => a.shape[0]! - b.shape[0]!);
  return { sets: evenly(bySize, MOST_SIZES), ...bySize[0]?.own };
}

function featuresOf({ features }: MoleculeSpecification, mapping: Parameters<typeof beadTopology>[0]) {
  if (features !== 'chemistry') return undefined;
  const { columns, values } = beadFeatures(beadTopology(mapping));
  return { shape: [mapping.beads.length, columns.length], values };
}

function evenly<T>(all: readonly T[], most: number): T[] {
  if (all.length <= most) return [...all];
  return Array.from({ length: most }, (_, i) => all[Math.floor(((i + 0.5) * all.length) / most)]!);
}

function repeated(positions: Float32Array) {
  const values = new Float32Array(COUNT * positions.length);
  for (let i = 0; i < COUNT; i++) values.set(positions, i * positions.length);
  return { count: COUNT, positions: values };
}
