/**
 * The metrics of method §9: how far two sets of points in a plane are apart. The same three measures serve every
 * row: samples against reference, simulation against reference, samples against simulation (consistency), and the
 * noise floor. `pmf` in kT², `js` and `jsPooled` in nats.
 */
import type { Plane } from '../free-energy/plane.ts';
import type { Points } from '../free-energy/points.ts';
import { pmfError } from './free-energy-error.ts';
import { jensenShannonFixed, jensenShannonPooled } from './jensen-shannon.ts';

export interface PlaneMetrics {
  readonly pmf: number;
  readonly js: number;
  /** Over the pooled range of the data: only to compare with published numbers. */
  readonly jsPooled: number;
  /** Of molecules: Wasserstein-1 distance of bond lengths, mean over bonds, nm (conformation-metrics.ts). */
  readonly bonds?: number;
}

export interface Metrics {
  /** Independent samples of the model against the reference. */
  readonly iid: PlaneMetrics;
  /** Simulation with the model against the reference. */
  readonly sim: PlaneMetrics;
  /** The model's samples against its own simulation; no reference enters. */
  readonly consistency: PlaneMetrics;
  /** Two sets of true data against each other; a metric below it is noise. */
  readonly floor: PlaneMetrics;
}

export function planeMetrics(model: Points, reference: Points, plane: Plane): PlaneMetrics {
  return {
    pmf: pmfError(model, reference, plane),
    js: jensenShannonFixed(model, reference, plane),
    jsPooled: jensenShannonPooled(model, reference, plane),
  };
}

/** Does the model agree with itself? Zero for a perfect one, but for noise. */
export const consistency = (samples: Points, simulation: Points, plane: Plane): PlaneMetrics =>
  planeMetrics(samples, simulation, plane);
