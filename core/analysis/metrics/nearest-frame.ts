/**
 * How near generated frames are to the frames a model was trained on: the RMSD to the nearest one after the best
 * superposition, nm, beside the same of true frames. Samples that are nearer to training frames than true ones copy them.
 * Of at most 500 random frames of a set among at most 5,000 random ones of training. Where the reference is the training
 * set, each of its frames is compared with the others; frames that follow one another are then nearer than independent
 * ones. Where like atoms were exchanged in training, a frame is compared in each of its forms (systems/symmetry.ts), and,
 * where these are many, fewer frames are.
 */
import { exchange, type Symmetry } from '../../systems/symmetry.ts';
import { type Conformations, frameAt, pickFrames } from '../geometry/conformations.ts';
import { rmsd } from '../geometry/rmsd.ts';
import { quantile } from './quantiles.ts';
import { RandomPicks } from './random-picks.ts';

export interface Nearness {
  readonly median: number;
  /** Of all frames, 5 % are nearer. */
  readonly nearest5: number;
}

export interface NearestFrames extends Nearness {
  /** How many frames were looked at. */
  readonly frames: number;
  /** Among how many of training. */
  readonly among: number;
  readonly reference: Nearness;
}

const MOST_LOOKED_AT = 500;
/** Frames times forms, unless that leaves fewer than `LEAST_LOOKED_AT` frames. */
const MOST_SEARCHES = 3000;
const LEAST_LOOKED_AT = 100;
const MOST_TRAINING = 5000;

/** `forms`: of a training frame, where it was trained on in several. Null for training sets of fewer than two frames. */
export function nearestTrainingFrames(
  training: Conformations,
  reference: Conformations,
  forms: readonly Symmetry[] = [],
): ((all: Conformations) => NearestFrames) | null {
  if (training.frames < 2) return null;
  const { indices } = someOf(training, MOST_TRAINING);
  const fewer = Math.max(LEAST_LOOKED_AT, Math.floor(MOST_SEARCHES / Math.max(1, forms.length)));
  const most = Math.min(MOST_LOOKED_AT, fewer);
  const search = searchAmong(pickFrames(training, indices), forms);
  const own =
    training.positions === reference.positions ? new Map(Array.from(indices, (frame, i) => [frame, i])) : null;
  const truth = someOf(reference, most).indices;
  const ofTruth = nearnessOf(Float64Array.from(truth, (frame) => search(frameAt(reference, frame), own?.get(frame))));
  return (all) => {
    const looked = someOf(all, most).indices;
    const found = nearnessOf(Float64Array.from(looked, (frame) => search(frameAt(all, frame))));
    return { ...found, frames: looked.length, among: indices.length, reference: ofTruth };
  };
}

const someOf = ({ frames }: Conformations, most: number) =>
  new RandomPicks(0).parts(frames, Math.min(frames, most))[0]!;

function nearnessOf(distances: Float64Array): Nearness {
  distances.sort();
  return { median: quantile(distances, 0.5), nearest5: quantile(distances, 0.05) };
}

/** The RMSD to the nearest frame; `except`: index of one that does not count. */
type Search = (frame: ArrayLike<number>, except?: number) => number;

function searchAmong(all: Conformations, forms: readonly Symmetry[]): Search {
  const radii = Float32Array.from({ length: all.frames * all.atoms });
  for (let frame = 0; frame < all.frames; frame++) radii.set(radiiOf(frameAt(all, frame)), frame * all.atoms);
  const form = new Float32Array(3 * all.atoms);
  return (frame, except) => {
    let nearest = Number.POSITIVE_INFINITY;
    if (forms.length === 0) return nearestOf(all, radii, frame, except, nearest);
    for (const symmetry of forms) {
      exchange(symmetry, frame, form, { source: 0, target: 0 });
      nearest = nearestOf(all, radii, form, except, nearest);
    }
    return nearest;
  };
}

/** The smaller of `before` and the RMSD to the nearest frame. */
function nearestOf(
  all: Conformations,
  radii: Float32Array,
  target: ArrayLike<number>,
  except: number | undefined,
  before: number,
): number {
  const bounds = leastRmsds(radiiOf(target), radii, all.frames);
  if (except !== undefined) bounds[except] = Number.POSITIVE_INFINITY;
  // The most promising frame rules out nearly all others.
  const first = bounds.indexOf(bounds.reduce((least, bound) => Math.min(least, bound)));
  const best = Math.min(before, rmsd(pickFrames(all, [first]), target)[0]!);
  const candidates: number[] = [];
  for (let i = 0; i < all.frames; i++) if (bounds[i]! < best && i !== first) candidates.push(i);
  return Math.min(best, ...rmsd(pickFrames(all, candidates), target));
}

/** No rotation changes how far atoms are from the centre, so no RMSD is less than that of these distances. */
function leastRmsds(own: Float32Array, radii: Float32Array, frames: number): Float64Array {
  const bounds = new Float64Array(frames);
  for (let frame = 0, at = 0; frame < frames; frame++) {
    let sum = 0;
    for (let atom = 0; atom < own.length; atom++, at++) sum += (own[atom]! - radii[at]!) ** 2;
    bounds[frame] = Math.sqrt(sum / own.length);
  }
  return bounds;
}

/** Of each atom from the centre of all. */
function radiiOf(frame: ArrayLike<number>): Float32Array {
  const atoms = frame.length / 3;
  const centre = [0, 0, 0];
  for (let i = 0; i < frame.length; i++) centre[i % 3]! += frame[i]! / atoms;
  return Float32Array.from({ length: atoms }, (_, atom) =>
    Math.hypot(...centre.map((middle, axis) => frame[3 * atom + axis]! - middle)),
  );
}
