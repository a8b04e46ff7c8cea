/**
 * The automatic method: looks at the data and chooses experts of the diffusion method, with their loss terms, ranges and
 * steps. A run never has it: what was chosen takes its place in the run's specification before training begins
 * (runs/auto/), so that every choice can be seen, and changed for the next run.
 */
import type { Method } from '../method.ts';
import { type AutoSettings, sampling, settings } from './settings.ts';

const notYet = (): never => {
  throw new Error('The automatic method has no networks before it has seen the data.');
};

export const auto = {
  title: 'Automatic',
  settings,
  sampling,
  withDefaults: (given) => given,
  faults: () => [],
  capabilities: () => ({ simulate: true, residual: true }),
  hasForceEnergy: () => true,
  columns: () => [],
  networks: notYet,
  force: notYet,
  samplingPlan: notYet,
} as const satisfies Method<AutoSettings>;
