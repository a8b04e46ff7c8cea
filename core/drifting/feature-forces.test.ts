import { expect, test } from 'vitest';
import { pairsOf } from '../models/conformation-statistics.ts';
import { evaluated, numbers } from '../models/evaluated.test-support.ts';
import { gradients } from '../program/differentiate.ts';
import { forcesOnFeatures } from './feature-forces.ts';
import { featuresOf } from './representation.ts';

const BEADS = 5;
const PAIRS = pairsOf(BEADS);
const x = numbers(3 * BEADS * 2, 4);

/** Forces of springs between all pairs: neither net force nor torque. */
function springs(stiffness: (pair: number) => number) {
  const forces = new Float64Array(x.length);
  for (let row = 0; row < 2; row++) {
    for (const [pair, [i, j]] of PAIRS.entries()) {
      const at = (bead: number, axis: number) => 3 * (BEADS * row + bead) + axis;
      for (let axis = 0; axis < 3; axis++) {
        const pull = stiffness(pair) * (x[at(j, axis)]! - x[at(i, axis)]!);
        forces[at(i, axis)]! += pull;
        forces[at(j, axis)]! -= pull;
      }
    }
  }
  return forces;
}

test.each(['distances', 'scaled-distances'] as const)(
  'forces on %s do the work of those on coordinates',
  async (kind) => {
    const forces = springs((pair) => 1 + Math.sin(pair));
    const statistics = { distances: { means: [], deviations: PAIRS.map((_, pair) => 0.1 + 0.05 * pair) } };
    const features = featuresOf(kind, [BEADS, 3], statistics as never);
    const shape = [2, BEADS, 3];
    const { back, net } = await evaluated({ x: { shape, values: x }, f: { shape, values: forces } }, (inputs) => {
      const onFeatures = forcesOnFeatures(features, inputs.x, inputs.f);
      return { back: gradients(features(inputs.x), [inputs.x], onFeatures)[0]!, net: onFeatures };
    });
    expect(net!.length).toBe(2 * PAIRS.length);
    const size = Math.max(...forces.map(Math.abs));
    for (const [i, force] of forces.entries()) expect(Math.abs(back![i]! - force)).toBeLessThan(2e-2 * size);
  },
);

test('a net force is felt by no distance', async () => {
  const shape = [2, BEADS, 3];
  const push = Float64Array.from({ length: x.length }, (_, i) => (i % 3 === 0 ? 1 : 0));
  const features = featuresOf('distances', [BEADS, 3], undefined);
  const { on } = await evaluated({ x: { shape, values: x }, f: { shape, values: push } }, (inputs) => ({
    on: forcesOnFeatures(features, inputs.x, inputs.f),
  }));
  for (const force of on!) expect(Math.abs(force)).toBeLessThan(1e-6);
});
