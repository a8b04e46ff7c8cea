/**
 * What a person reads for a key of the settings table, where the key alone is not the word. Range, unit, default and
 * help stand in the table itself, which the host sends.
 */
import type { SettingVariants } from '../../core/setting.ts';

const labels: Record<string, string> = {
  alpha: 'Fokker–Planck weight α',
  alphaFrom: 'Fokker–Planck starts at',
  batch: 'Batch',
  chiralModes: 'Chiral modes',
  clip: 'Gradient clip',
  clipLength: 'Gradient-norm clip',
  contrast: 'Torsion contrast',
  contrastCopies: 'Copies for contrast',
  count: 'Samples',
  denoising: 'Denoising',
  ema: 'Weight averaging (EMA)',
  emaWarmup: 'Averaging warms up',
  evaluationTime: 'Evaluation time t',
  everySteps: 'Checkpoint every',
  first: 'First',
  forces: 'Force matching',
  gauge: 'Offset of the residual',
  headWidth: 'Head width',
  heads: 'Heads',
  hidden: 'Width',
  jsBins: 'Bins, Jensen–Shannon',
  lag: 'Lag',
  layers: 'Layers',
  minutes: 'Longest time to train',
  modes: 'Modes',
  probes: 'Probe directions',
  pmfBins: 'Bins, free energy',
  residualPoints: 'Residual points',
  rounds: 'Rounds',
  second: 'Second',
  squareDecay: 'Decay of squared gradients',
  test: 'Test fraction',
  timeResolution: 'Time resolution',
  times: 'Diffusion times drawn',
  torsionMoves: 'Torsion moves',
  torsionMovesEvery: 'Moves every',
  triples: 'Triples',
  varianceFloor: 'Noise floor of the times, v',
  validation: 'Validation fraction',
  widths: 'Layer widths',
};

const choices: Record<string, string> = {
  auto: 'Automatic',
  baoab: 'BAOAB',
  chemistry: 'Chemistry',
  data: 'The data',
  dihedrals: 'Two dihedrals',
  distances: 'Two distances',
  'double-well-1d': 'Double well, 1-D',
  'double-well-2d': 'Double well, 2-D',
  dpm: 'DPM-Solver++ (2M)',
  em: 'Euler–Maruyama',
  exact: 'Exact derivatives',
  fitted: 'Measured and taken out',
  heun: 'Heun, probability flow',
  'log-snr': 'Even in signal to noise',
  langevin: 'Langevin (OpenMM)',
  mixed: 'Half at small noise',
  molecule: 'Molecule',
  'mueller-brown': 'Müller–Brown',
  pca: 'Principal components',
  'phi-psi': 'φ / ψ',
  place: 'Position in the chain',
  reference: 'Reference (slow)',
  samples: "The model's samples",
  'sde-dpm': 'SDE-DPM-Solver++ (2M)',
  stratified: 'The data, evenly over the plane',
  test: 'Test',
  tica: 'Slowest coordinates (TICA)',
  tfjs: 'TensorFlow.js',
  train: 'Train',
  uniform: 'Uniform in t',
  wasm: 'WebAssembly',
  weak: 'Finite differences (weak)',
  webgpu: 'WebGPU',
};

/** "learningRate" is read as "Learning rate". */
const spaced = (key: string): string => {
  const words = key.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
};

export const labelOf = (key: string): string => labels[key] ?? spaced(key);
/** Of one of several groups of settings: the table's own word, where it has one. */
export const kindLabel = ({ labels: own }: SettingVariants, kind: string): string => own?.[kind] ?? choiceLabel(kind);
export const choiceLabel = (option: string): string => choices[option] ?? option;
