/**
 * The tilted double well, in one dimension and with a harmonic second one:
 * U(x) = h (x² − 1)² + c x and U(x, y) = U(x) + ½ k y², with h = 3, c = ½, k = 4.
 * The tilt makes the two wells unequal, so a wrong weight between them shows. In 2-D the axes are independent:
 * p(x) is that of 1-D, p(y) a Gaussian of variance kT / k. Reduced units, kT = 1.
 */
import type { ToySystem } from './toy-system.ts';

const BARRIER = 3;
const TILT = 0.5;
export const STIFFNESS = 4;

const wellEnergy = (x: number): number => BARRIER * (x * x - 1) ** 2 + TILT * x;
const wellForce = (x: number): number => -4 * BARRIER * x * (x * x - 1) - TILT;

const LEFT = -1.020216;
const RIGHT = 0.978477;

const shared = { kT: 1, mass: 1, friction: 1, timeStep: 0.02, strideSteps: 25, samples: 50_000 } as const;

export const doubleWell1D: ToySystem = {
  ...shared,
  name: 'double-well-1d',
  title: 'Double well, 1-D',
  dimension: 1,
  window: [[-2, 2]],
  axes: ['x'],
  startPoints: [[LEFT], [RIGHT]],
  energy: (x) => wellEnergy(x[0]!),
  force: (x, out) => {
    out[0] = wellForce(x[0]!);
  },
};

export const doubleWell2D: ToySystem = {
  ...shared,
  name: 'double-well-2d',
  title: 'Double well, 2-D',
  dimension: 2,
  window: [
    [-2, 2],
    [-2, 2],
  ],
  axes: ['x', 'y'],
  startPoints: [
    [LEFT, 0],
    [RIGHT, 0],
  ],
  energy: (x) => wellEnergy(x[0]!) + 0.5 * STIFFNESS * x[1]! ** 2,
  force: (x, out) => {
    out[0] = wellForce(x[0]!);
    out[1] = -STIFFNESS * x[1]!;
  },
};
