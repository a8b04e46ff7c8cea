/**
 * The interface of a method: its settings, the networks it trains, how samples are drawn with them, and, where it has
 * them, the force of a simulation and the Fokker–Planck residual. A method is a folder and a line in
 * methods.ts; specification, training, sampling, command line and window ask for what they need of it.
 * Pure: programs and numbers, no clock and no files. runs/ runs them.
 */

import type { Numbers } from '../engines/engine.ts';
import type { ColumnName } from '../models/columns.ts';
import type { ConfigurationSize, SystemClass } from '../models/network.ts';
import type { Layout } from '../models/parameters.ts';
import type { ScoreModel } from '../models/score-model.ts';
import type { AverageDecays } from '../optimiser/schedule.ts';
import type { Program } from '../program/program.ts';
import type { Fault, SettingGroup } from '../setting.ts';

/** Training steps from `from` on, until the next phase begins. */
export interface TrainingPhase {
  readonly from: number;
  /** Loss terms that its steps train with and hand out. */
  readonly terms: readonly string[];
  /** Work of a step for one sample, in a unit common to all networks of the method. */
  readonly work: number;
  /**
   * For configurations of a size. State: `parameters`, `average`, `gradientMean`, `gradientSquare`; per step: the
   * columns as inputs and those of `optimiser/schedule.ts`; each step hands out the terms and `accepted`.
   */
  program(size: ConfigurationSize): Program;
}

/** A network that is trained independently of the others, side by side with them. */
export interface TrainableNetwork {
  /** Begins the names of its tensors in files: `expert0`. */
  readonly key: string;
  /** For a person: "Expert 1". */
  readonly title: string;
  /** What it is, in a few words: "t 0 to 0.1", "energy, α 1e-3". */
  readonly facts: readonly string[];
  readonly layout: Layout;
  readonly steps: number;
  /** Of these, the steps of the first round (optimiser/schedule.ts); all of them unless given. */
  readonly firstRound?: number;
  readonly batch: number;
  /** A step's configurations see each other: its program takes the whole batch as one tensor of a single sample. */
  readonly wholeBatch?: true;
  /** At the first and at the last step. */
  readonly learningRate: readonly [first: number, last: number];
  /** Decays of the averages over steps, where they are not the usual ones. */
  readonly averages?: AverageDecays;
  /** Columns of the training set that it needs beside the positions. */
  readonly columns: readonly ColumnName[];
  readonly phases: readonly TrainingPhase[];
  /** Weights of the terms in the loss. */
  readonly weights: Readonly<Record<string, number>>;
  /** The loss on held-out frames: inputs `parameters`, the columns and `inverseSamples`; hands out terms. */
  validation?(size: ConfigurationSize): Program;
  /** Settings to lower where training diverges, as a person knows them: `experts[0].learningRate`. */
  readonly remedies: readonly string[];
}

export interface TrainedNetwork<N extends TrainableNetwork = TrainableNetwork> {
  readonly network: N;
  readonly parameters: Numbers;
  /** Of the beads, for a network that takes them. */
  readonly features?: Numbers | undefined;
}

/** Steps of one program, from the state that the previous stage left. */
export interface SamplingStage {
  readonly program: Program;
  readonly steps: number;
  /** Number of its first step in the whole run, for the random numbers. */
  readonly firstStep: number;
  readonly inputs: Readonly<Record<string, Numbers>>;
  /** Per-step inputs by name, scalars. */
  readonly perStep: Readonly<Record<string, Float64Array>>;
  /** Diffusion time at its first step, for a method that has one. */
  readonly from?: number;
}

/** How independent conformations are drawn: the state has `x`, in model units. */
export interface SamplingPlan {
  /** Hands out `x`. */
  readonly start: Program;
  /** Of the start, for samples `first` … `first + count − 1`; none unless given. */
  readonly startInputs?: (first: number, count: number) => Readonly<Record<string, Numbers>>;
  /** Further state, of the shape of x and zero at first. */
  readonly zeros: readonly string[];
  readonly stages: readonly SamplingStage[];
}

/** A model with a score, for programs that evaluate it. */
export interface EvaluatedModel {
  readonly model: ScoreModel;
  readonly inputs: Readonly<Record<string, Numbers>>;
  readonly hasEnergy: boolean;
}

/** Diffusion times at which the Fokker–Planck residual of one model is measured. */
export interface ResidualRange extends EvaluatedModel {
  readonly times: readonly number[];
}

export interface Capabilities {
  readonly simulate: boolean;
  /** Whether there is a Fokker–Planck residual to measure. */
  readonly residual: boolean;
}

/** What training goes on with. */
export interface FineTuningChange {
  /** Weight of the regulariser. */
  readonly alpha?: number | undefined;
  readonly guidance?: 'fi' | 'fk' | undefined;
  /** Of the guidance: ω of `fi`, γ of `fk`. */
  readonly strength?: number | undefined;
  readonly steps?: number | undefined;
}

/** Training that continues from a trained model, with another term in what it learns from. */
export interface FineTuning<Settings> {
  /** The change that it cannot do without, and what that is. */
  readonly needs: { readonly change: 'alpha' | 'guidance'; readonly words: string };
  settings(own: Settings, change: FineTuningChange): Settings;
  /** Which networks are trained further, by index; the others count as trained. */
  trains(index: number): boolean;
}

export type StatisticsNeed = 'one' | 'kinds' | 'both' | 'any';

/** `Settings`: a specification with its own among them; `N`: its networks, with what only the method knows of them. */
export interface Method<Settings = object, N extends TrainableNetwork = TrainableNetwork> {
  /** For a person. */
  readonly title: string;
  /** Its own settings, at the top of a specification. */
  readonly settings: SettingGroup;
  /** Its own settings under `sample`. */
  readonly sampling: SettingGroup;
  withDefaults(given: Settings, system: SystemClass): Settings;
  /** Violated rules between its settings. */
  faults(settings: Settings, system: SystemClass): Fault[];
  capabilities(settings: Settings): Capabilities;
  /** Columns it trains on beside positions and features. */
  columns(settings: Settings): ColumnName[];
  /**
   * Whose statistics of conformations networks and loss terms need, if any: those of `one` molecule, `kinds` of beads, `both`
   * by different networks, or `any` of the two, for loss terms alone.
   */
  needsStatistics?(settings: Settings): StatisticsNeed | undefined;
  /** Diffusion times at which one network hands over to the next. */
  boundaries?(settings: Settings): number[];
  networks(settings: Settings, size: ConfigurationSize): N[];
  /** Ways to sample one model that can be compared: values of `sample.solver`, with network calls in each of `sample.steps`. */
  readonly solvers?: Readonly<Record<string, number>>;
  samplingPlan(trained: readonly TrainedNetwork<N>[], settings: Settings): SamplingPlan;
  /** The model whose score is the force, at a diffusion time. */
  force?(trained: readonly TrainedNetwork<N>[], evaluationTime: number): EvaluatedModel;
  /** Whether that model will have an energy, too. */
  hasForceEnergy?(settings: Settings, evaluationTime: number): boolean;
  /** `points` times in all; empty where no network has an energy. */
  residual?(trained: readonly TrainedNetwork<N>[], points: number): ResidualRange[];
  readonly fineTuning?: FineTuning<Settings>;
}
