/**
 * The Boltzmann distribution of a toy system on a grid, by quadrature: what a histogram of a perfect, endless
 * simulation would show. Cell probabilities use 4-point Gauss–Legendre per cell and axis; the partition function is a
 * trapezoidal sum over the window widened by half its width on every side (the integrand vanishes there, where the
 * trapezoidal rule converges faster than any power). Reduced units.
 */
import type { Interval, ToySystem } from './toy-system.ts';

export interface ExactDensity {
  readonly bins: number;
  readonly limits: readonly Interval[];
  /** Probability of each cell, last axis fastest. */
  readonly probability: Float64Array;
  /** Probability outside the limits. */
  readonly outside: number;
  /** ln ∫ exp(−U/kT) dx, x in reduced length. */
  readonly logPartition: number;
}

const NODES = [-0.8611363115940526, -0.3399810435848563, 0.3399810435848563, 0.8611363115940526];
const WEIGHTS = [0.3478548451374538, 0.6521451548625461, 0.6521451548625461, 0.3478548451374538];
const PARTITION_POINTS = 800;

export function exactDensity(system: ToySystem, bins: number, limits = system.window): ExactDensity {
  const lowest = system.energy(system.startPoints[0]!);
  const boltzmann = (x: Float64Array) => Math.exp((lowest - system.energy(x)) / system.kT);
  const partition = product(
    system.window.map(([low, high]) => trapezoid(low - (high - low) / 2, high + (high - low) / 2)),
    boltzmann,
  ).reduce((sum, value) => sum + value, 0);
  const cells = product(
    limits.map(([low, high]) => gaussLegendre(low, high, bins)),
    boltzmann,
  );
  const probability = cells.map((value) => value / partition);
  const inside = probability.reduce((sum, value) => sum + value, 0);
  return {
    bins,
    limits,
    probability,
    outside: Math.max(0, 1 - inside),
    logPartition: Math.log(partition) - lowest / system.kT,
  };
}

/** Quadrature points along one axis, gathered into cells. */
interface Quadrature {
  readonly cells: number;
  readonly points: readonly { readonly at: number; readonly weight: number; readonly cell: number }[];
}

function trapezoid(low: number, high: number): Quadrature {
  const step = (high - low) / PARTITION_POINTS;
  const points = Array.from({ length: PARTITION_POINTS }, (_, i) => ({ at: low + i * step, weight: step, cell: 0 }));
  return { cells: 1, points };
}

function gaussLegendre(low: number, high: number, cells: number): Quadrature {
  const width = (high - low) / cells;
  const points = Array.from({ length: cells }, (_, cell) =>
    NODES.map((node, k) => ({
      at: low + width * (cell + 0.5 + 0.5 * node),
      weight: 0.5 * width * WEIGHTS[k]!,
      cell,
    })),
  ).flat();
  return { cells, points };
}

/** Integrals of `integrand` over the product cells of one or two axes. */
function product(axes: readonly Quadrature[], integrand: (x: Float64Array) => number): Float64Array {
  const [first, second] = axes;
  const columns = second?.cells ?? 1;
  const integrals = new Float64Array(first!.cells * columns);
  const x = new Float64Array(axes.length);
  for (const p of first!.points) {
    x[0] = p.at;
    for (const q of second?.points ?? [{ at: 0, weight: 1, cell: 0 }]) {
      if (second) x[1] = q.at;
      integrals[p.cell * columns + q.cell]! += p.weight * q.weight * integrand(x);
    }
  }
  return integrals;
}
