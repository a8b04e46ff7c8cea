import { expect, test } from 'vitest';
import type { Symmetry } from '../../systems/symmetry.ts';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import { type Conformations, conformations, frameAt, pickFrames, sliceFrames } from '../geometry/conformations.ts';
import { rmsd } from '../geometry/rmsd.ts';
import { nearestTrainingFrames } from './nearest-frame.ts';
import { quantile } from './quantiles.ts';

const ATOMS = 5;

function random(seed: number, frames: number): Conformations {
  const next = gaussianSource(seed);
  return conformations(
    Float32Array.from({ length: 3 * ATOMS * frames }, () => 0.1 * next()),
    ATOMS,
  );
}

/** Turned by 90°, shifted, and with so much noise in each coordinate. */
function moved({ positions }: Conformations, noise = 0): Conformations {
  const next = gaussianSource(9);
  const turned = Array.from({ length: positions.length / 3 }, (_, i) => {
    const [x, y, z] = positions.subarray(3 * i, 3 * i + 3);
    return [1 - y!, x!, z! + 2];
  });
  return conformations(
    Float32Array.from(turned.flat(), (value) => value + noise * next()),
    ATOMS,
  );
}

const training = random(1, 600);
const truth = random(2, 300);

test('it is the smallest RMSD of all, and none is missed', () => {
  const found = nearestTrainingFrames(training, truth)!(truth);
  const all = Float64Array.from({ length: truth.frames }, (_, frame) =>
    Math.min(...rmsd(training, frameAt(truth, frame))),
  ).sort();
  expect(found.median).toBeCloseTo(quantile(all, 0.5), 6);
  expect(found.nearest5).toBeCloseTo(quantile(all, 0.05), 6);
  expect(found).toMatchObject({ frames: 300, among: 600, reference: { median: found.median } });
});

test('copies of training frames are at no distance, wherever they stand, and noisy ones as far as their noise', () => {
  const measure = nearestTrainingFrames(training, truth)!;
  const copies = measure(moved(training));
  expect(copies.median).toBeLessThan(1e-6);
  expect(copies.reference.median).toBeGreaterThan(0.05);
  // A superposition takes 6 of the 15 degrees of freedom.
  expect(measure(moved(training, 0.001)).median / (0.001 * Math.sqrt(9 / ATOMS))).toBeCloseTo(1, 1);
});

test('where the reference is the training set, a frame is none of its own neighbours', () => {
  const { reference } = nearestTrainingFrames(training, training)!(truth);
  const other = nearestTrainingFrames(training, truth)!(truth).reference;
  expect(reference.median / other.median).toBeCloseTo(1, 1);
});

test('a copy in another form counts as one where training saw all forms', () => {
  const forms: Symmetry[] = [
    { from: [0, 1, 2, 3, 4], isMirrored: false },
    { from: [1, 0, 2, 3, 4], isMirrored: true },
  ];
  const positions = training.positions.map((_, i) => {
    const [frame, atom, axis] = [Math.floor(i / 15), Math.floor(i / 3) % 5, i % 3];
    return -training.positions[15 * frame + 3 * forms[1]!.from[atom]! + axis]!;
  });
  const copies = conformations(positions, ATOMS);
  expect(nearestTrainingFrames(training, truth, forms)!(copies).median).toBeLessThan(1e-6);
  expect(nearestTrainingFrames(training, truth)!(copies).median).toBeGreaterThan(0.03);
});

test('many frames are sampled, and fewer where there are many forms; of one training frame nothing is said', () => {
  const measure = nearestTrainingFrames(random(3, 5200), truth)!;
  expect(
    measure(
      pickFrames(
        truth,
        Array.from({ length: 700 }, (_, i) => i % 300),
      ),
    ),
  ).toMatchObject({
    frames: 500,
    among: 5000,
  });
  const forms = Array.from({ length: 27 }, (): Symmetry => ({ from: [0, 1, 2, 3, 4], isMirrored: false }));
  expect(nearestTrainingFrames(training, truth, forms)!(truth).frames).toBe(111);
  expect(nearestTrainingFrames(sliceFrames(training, 0, 1), truth)).toBeNull();
});
