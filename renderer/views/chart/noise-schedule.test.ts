import { expect, test } from 'vitest';
import { signalToNoiseAt as coreSignalToNoise, deviationAt } from '../../../core/diffusion/process.ts';
import { noiseAt, signalToNoiseAt } from './noise-schedule.ts';

test('noise and signal are those that the models learn', () => {
  for (let i = 1; i <= 100; i++) {
    expect(noiseAt(i / 100)).toBeCloseTo(deviationAt(i / 100), 14);
    expect(signalToNoiseAt(i / 100) / coreSignalToNoise(i / 100)).toBeCloseTo(1, 12);
  }
});
