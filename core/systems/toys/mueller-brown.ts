/**
 * The Müller–Brown potential (Theor. Chim. Acta 53, 75 (1979)): three wells and two saddles along a bent path,
 * U = Σ A exp[a (x−x₀)² + b (x−x₀)(y−y₀) + c (y−y₀)²] over four terms; the last one is positive and confines.
 * Simulation parameters are the row of method §8. Reduced units, kT = 23.
 */
import type { ToySystem } from './toy-system.ts';

const TERMS = [
  { A: -200, a: -1, b: 0, c: -10, x0: 1, y0: 0 },
  { A: -100, a: -1, b: 0, c: -10, x0: 0, y0: 0.5 },
  { A: -170, a: -6.5, b: 11, c: -6.5, x0: -0.5, y0: 1.5 },
  { A: 15, a: 0.7, b: 0.6, c: 0.7, x0: -1, y0: 1 },
] as const;

export const muellerBrown: ToySystem = {
  name: 'mueller-brown',
  title: 'Müller–Brown',
  dimension: 2,
  kT: 23,
  mass: 0.5,
  friction: 1,
  timeStep: 5e-3,
  strideSteps: 50,
  samples: 100_000,
  window: [
    [-1.8, 1.1],
    [-0.5, 2.0],
  ],
  axes: ['x', 'y'],
  startPoints: [
    [-0.558224, 1.441726],
    [0.623499, 0.028038],
    [-0.050011, 0.466694],
  ],
  energy: (x) => {
    let energy = 0;
    for (const { A, a, b, c, x0, y0 } of TERMS) {
      const dx = x[0]! - x0;
      const dy = x[1]! - y0;
      energy += A * Math.exp(a * dx * dx + b * dx * dy + c * dy * dy);
    }
    return energy;
  },
  force: (x, out) => {
    let fx = 0;
    let fy = 0;
    for (const { A, a, b, c, x0, y0 } of TERMS) {
      const dx = x[0]! - x0;
      const dy = x[1]! - y0;
      const term = A * Math.exp(a * dx * dx + b * dx * dy + c * dy * dy);
      fx -= term * (2 * a * dx + b * dy);
      fy -= term * (b * dx + 2 * c * dy);
    }
    out[0] = fx;
    out[1] = fy;
  },
};
