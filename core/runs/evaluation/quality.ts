/**
 * How good a run's samples and its simulation are beside what their numbers of frames allow (method §9): metrics at equal
 * count, populations, geometry, structure, mirror images, copies of training frames, and a verdict in words; and the same of
 * the training data, which is what a model that copies them comes to. What `metrics.json` has under `quality`; kT², nats, nm,
 * rad, fractions.
 */
import type { Plane } from '../../analysis/free-energy/plane.ts';
import type { Series } from '../../analysis/free-energy/population.ts';
import type { Conformations } from '../../analysis/geometry/conformations.ts';
import { type MirrorImages, mirrorImages } from '../../analysis/metrics/chirality.ts';
import {
  againstEachOther,
  againstReference,
  type EqualCount,
  type FrameValues,
} from '../../analysis/metrics/equal-count.ts';
import { type NearestFrames, nearestTrainingFrames } from '../../analysis/metrics/nearest-frame.ts';
import { type State, statePopulations } from '../../analysis/metrics/state-populations.ts';
import { type StiffGeometry, stiffGeometry } from '../../analysis/metrics/stiff-geometry.ts';
import { type StructureQuality, structureAgainst } from '../../analysis/metrics/structure-quality.ts';
import { agreementOf, type Verdict, verdictOf } from '../../analysis/metrics/verdict.ts';
import type { Symmetry } from '../../systems/symmetry.ts';
import type { RunSystem } from '../data/run-system.ts';

export interface QualitySet extends FrameValues {
  readonly all: Conformations;
  /** Frames that follow one another; absent for independent ones. */
  readonly series?: Series;
}

export interface QualitySets {
  readonly reference: QualitySet;
  readonly second: QualitySet | null;
  /** Whether nothing was learned from the reference. */
  readonly forTesting: boolean;
  readonly samples: QualitySet | null;
  readonly simulation: QualitySet | null;
  /** What the model was trained on, where it is known: the reference itself, or other frames. */
  readonly training: QualitySet | null;
  /** In which each of its frames was trained on, where these are several. */
  readonly forms: readonly Symmetry[];
}

/** What is compared with the reference: samples, simulation, and the data that the model was trained on. */
export type ResultRow = 'iid' | 'sim' | 'training';

export interface ResultQuality {
  readonly frames: number;
  /** As how many independent frames they count, by the population that is known least well. */
  readonly independent: number;
  readonly equalCount: EqualCount;
  /** Null where there are no bonds. */
  readonly geometry: StiffGeometry | null;
  /** Null where chirality cannot be told. */
  readonly mirror: MirrorImages | null;
  /** Null where there are no bonds. */
  readonly structure: StructureQuality | null;
  /** Null for the training data themselves, and where these are not known. */
  readonly nearest: NearestFrames | null;
  readonly verdict: Verdict;
}

export interface Quality {
  readonly iid: ResultQuality | null;
  readonly sim: ResultQuality | null;
  /** Null where they are the reference, or nothing is known of them. */
  readonly training: ResultQuality | null;
  readonly consistency: { readonly equalCount: EqualCount; readonly verdict: Verdict } | null;
  readonly reference: { readonly frames: number; readonly independent: number; readonly forTesting: boolean };
  readonly states: readonly State<ResultRow>[];
}

export function qualityOf(
  { reference, second, forTesting, samples, simulation, training, forms }: QualitySets,
  { topology, variables }: RunSystem,
): Quality {
  const { plane, axes } = variables;
  const truth = { reference, second: second ?? undefined };
  const sets = {
    iid: samples ?? undefined,
    sim: simulation ?? undefined,
    training: training && training !== reference ? training : undefined,
  };
  const { states, independent } = statePopulations<ResultRow>(reference, sets, plane, axes);
  const mirrored = topology && mirrorImages(topology, reference.all);
  const hasBonds = reference.bonds.length > 0;
  const structured = topology && hasBonds ? structureAgainst(topology, reference.all) : undefined;
  const nearest = topology && training ? nearestTrainingFrames(training.all, reference.all, forms) : null;
  const judged = (row: ResultRow, title: string): ResultQuality | null => {
    const set = sets[row];
    // Frames of training have no part in the floor of their own.
    const equalCount = set && againstReference(set, row === 'training' ? { reference } : truth, plane);
    if (!set || !equalCount) return null;
    const facts = {
      equalCount,
      geometry: hasBonds ? stiffGeometry(set, reference) : null,
      mirror: mirrored?.(set.all) ?? null,
      structure: structured?.(set.all) ?? null,
      nearest: row === 'training' ? null : (nearest?.(set.all) ?? null),
    };
    const frames = set.all.frames;
    const worth = independent[row] ?? frames;
    const verdict = verdictOf({ name: row, title, states, ...facts, ...(set.series ? { independent: worth } : {}) });
    return { frames, independent: worth, ...facts, verdict };
  };
  return {
    iid: judged('iid', 'Samples'),
    sim: judged('sim', 'Simulation'),
    training: judged('training', 'Training data'),
    consistency: agreement(samples, simulation, truth, plane),
    reference: {
      frames: reference.all.frames,
      independent: independent.reference ?? reference.all.frames,
      forTesting,
    },
    states,
  };
}

function agreement(
  samples: FrameValues | null,
  simulation: FrameValues | null,
  truth: Parameters<typeof againstEachOther>[2],
  plane: Plane,
): Quality['consistency'] {
  const equalCount = samples && simulation && againstEachOther(samples, simulation, truth, plane);
  return equalCount ? { equalCount, verdict: agreementOf(equalCount) } : null;
}
