/** The stages in the order of the work: what the rail shows of each, and the component that is loaded when it is gone to. */
import type { Component } from 'svelte';
import type { IconName } from '../parts/icons.ts';
import type { StageName } from '../state/workspace.svelte.ts';

export interface Stage {
  readonly name: StageName;
  readonly title: string;
  readonly icon: IconName;
  /** What is done there, for the palette and the help. */
  readonly about: string;
  load(): Promise<{ default: Component }>;
}

export const stages: readonly Stage[] = [
  {
    name: 'data',
    title: 'Data',
    icon: 'data',
    about: 'files, beads and collective variables',
    load: () => import('./data/DataStage.svelte'),
  },
  {
    name: 'experts',
    title: 'Experts',
    icon: 'experts',
    about: 'networks over diffusion time',
    load: () => import('./experts/ExpertsStage.svelte'),
  },
  {
    name: 'train',
    title: 'Train',
    icon: 'train',
    about: 'running and finished runs, their losses, the next run',
    load: () => import('./train/TrainStage.svelte'),
  },
  {
    name: 'sample',
    title: 'Sample',
    icon: 'sample',
    about: 'independent conformations of a trained model',
    load: () => import('./sample/SampleStage.svelte'),
  },
  {
    name: 'simulate',
    title: 'Simulate',
    icon: 'simulate',
    about: "dynamics with the model's own force, watched as it goes",
    load: () => import('./simulate/SimulateStage.svelte'),
  },
  {
    name: 'compare',
    title: 'Compare',
    icon: 'compare',
    about: 'reference, samples and simulation; structures; exports',
    load: () => import('./compare/CompareStage.svelte'),
  },
];
