import { describe, expect, it } from 'vitest';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import { autocovariance } from './autocovariance.ts';
import { effectiveSampleSize, effectiveSampleSizeOfAngle } from './effective-sample-size.ts';

/** x(t + 1) = ρ x(t) + √(1 − ρ²) ξ, stationary from the start: 2 τ = (1 + ρ)/(1 − ρ). */
function autoregressive(rho: number, frames: number, replicas: number, seed = 1): Float64Array[] {
  const next = gaussianSource(seed);
  return Array.from({ length: replicas }, () => {
    let x = next();
    return Float64Array.from({ length: frames }, () => {
      const now = x;
      x = rho * x + Math.sqrt(1 - rho ** 2) * next();
      return now;
    });
  });
}

describe('the autocovariance', () => {
  it('is the sum of its definition, for replicas of any length', () => {
    const replicas = [autoregressive(0.5, 13, 1)[0]!, autoregressive(0.5, 8, 1, 2)[0]!, new Float64Array([3])];
    const found = autocovariance(replicas, 0.2);
    expect(found).toHaveLength(13);
    found.forEach((value, lag) => {
      let sum = 0;
      for (const series of replicas) {
        for (let t = 0; t + lag < series.length; t++) sum += (series[t]! - 0.2) * (series[t + lag]! - 0.2);
      }
      expect(value).toBeCloseTo(sum / 22, 12);
    });
  });
});

describe('the effective sample size', () => {
  it.each([0, 0.5, 0.9, 0.98])('of an autoregressive process with ρ = %f is N (1 − ρ)/(1 + ρ), both ways', (rho) => {
    const [frames, replicas] = [4000, 200];
    const { fromCorrelation, fromReplicas, framesPerDraw, size } = effectiveSampleSize(
      autoregressive(rho, frames, replicas),
    );
    const exact = (1 + rho) / (1 - rho);
    expect(Math.abs(framesPerDraw / exact - 1)).toBeLessThan(0.08);
    expect(Math.abs((fromCorrelation * exact) / (frames * replicas) - 1)).toBeLessThan(0.08);
    // A variance of 200 means: 10 % each way.
    expect(Math.abs((fromReplicas! * exact) / (frames * replicas) - 1)).toBeLessThan(0.35);
    expect(size).toBe(Math.min(fromCorrelation, fromReplicas!));
  });

  it('of one long replica is that of its correlation', () => {
    const { size, fromReplicas } = effectiveSampleSize(autoregressive(0.9, 100_000, 1));
    expect(Math.abs((size * 19) / 100_000 - 1)).toBeLessThan(0.15);
    expect(fromReplicas).toBeUndefined();
  });

  it('of replicas that stay where they began is the number of replicas, however long they are', () => {
    for (const frames of [50, 3000]) {
      const next = gaussianSource(3);
      const noise = gaussianSource(4);
      const replicas = Array.from({ length: 60 }, () => {
        const well = next() > 0.6 ? 1 : -1;
        return Float64Array.from({ length: frames }, () => well + 0.05 * noise());
      });
      const { size } = effectiveSampleSize(replicas);
      expect(size).toBeGreaterThan(0.8 * 60);
      expect(size).toBeLessThan(1.2 * 60);
    }
  });

  it('counts what is left of a replica that diverged, and constants as they are', () => {
    const replicas = autoregressive(0.8, 2000, 40).map((series, i) => series.subarray(0, i % 4 === 0 ? 0 : 2000));
    const { size } = effectiveSampleSize(replicas);
    expect(Math.abs((size * 9) / (2000 * 30) - 1)).toBeLessThan(0.4);
    expect(effectiveSampleSize([new Float64Array(10).fill(2)]).size).toBe(10);
    expect(effectiveSampleSize([]).size).toBe(0);
  });

  it('of an angle does not see where it is cut', () => {
    const walk = autoregressive(0.9, 4000, 50);
    const [inside, across] = [0, Math.PI].map((shift) =>
      effectiveSampleSizeOfAngle(
        walk.map((series) =>
          series.map((value) => {
            const angle = 0.4 * value + shift;
            return angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));
          }),
        ),
      ),
    );
    expect(across!.size / inside!.size).toBeCloseTo(1, 6);
  });
});
