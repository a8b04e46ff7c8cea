/**
 * What a method of learning conformations is to everything else: its settings, the networks that it trains, how samples
 * are drawn with them, and, where it can, the force of a simulation and the residual. A method is a folder and a line in
 * methods.ts; specification, training, sampling, command line and window ask for what they need of it.
 * Pure: programs and numbers, no clock and no files. Who runs them stands in runs/.
 */
import type { Numbers } from '../engines/engine.ts';
import type { ColumnName } from '../models/columns.ts';
import type { ConfigurationSize, SystemClass } from '../models/network.ts';
import type { Layout } from '../models/parameters.ts';
import type { ScoreModel } from '../models/score-model.ts';
import type { Program } from '../program/program.ts';
import type { Shape } from '../program/tensor.ts';
import type { Fault, SettingGroup } from '../setting.ts';

/** Training steps from `from` on, until the next phase begins. */
export interface TrainingPhase {
  readonly from: number;
  /** The terms of the loss that its steps hand out. */
  readonly terms: readonly string[];
  /** Of a step, in any unit that all networks of the method share. */
  readonly work: number;
  /**
   * For configurations of a shape. State: `parameters`, `average`, `gradientMean`, `gradientSquare`; per step: the
   * columns as inputs and those of `diffusion/schedule.ts`; each step hands out the terms and `accepted`.
   */
  program(shape: Shape): Program;
}

/** One network that is trained by itself; all of a method may train side by side. */
export interface TrainableNetwork {
  /** Begins the names of its tensors in files: `expert0`. */
  readonly key: string;
  /** For a person: "Expert 1". */
  readonly title: string;
  /** What it is, in a few words: "t 0 to 0.1", "energy, α 1e-3". */
  readonly facts: readonly string[];
  readonly layout: Layout;
  readonly steps: number;
  readonly batch: number;
  /** At the first and at the last step. */
  readonly learningRate: readonly [first: number, last: number];
  /** Columns of the training set that it needs beside the positions. */
  readonly columns: readonly ColumnName[];
  readonly phases: readonly TrainingPhase[];
  /** Weights of the terms in the loss. */
  readonly weights: Readonly<Record<string, number>>;
  /** The loss on held-out frames: inputs `parameters`, the columns and `inverseSamples`; hands out terms. */
  validation?(shape: Shape): Program;
  /** Settings to lower where training diverges, as a person knows them: `experts[0].learningRate`. */
  readonly remedies: readonly string[];
}

export interface TrainedNetwork<N extends TrainableNetwork = TrainableNetwork> {
  readonly network: N;
  readonly parameters: Numbers;
  /** Of the beads, for a network that takes them. */
  readonly features?: Numbers | undefined;
}

/** So many steps of one program, on the state that the stage before left. */
export interface SamplingStage {
  readonly program: Program;
  readonly steps: number;
  /** Number of its first step in the whole run, for the random numbers. */
  readonly firstStep: number;
  readonly inputs: Readonly<Record<string, Numbers>>;
  /** Per-step inputs by name, scalars. */
  readonly perStep: Readonly<Record<string, Float64Array>>;
}

/** From nothing to independent conformations: the state has `x`, in units of the model. */
export interface SamplingPlan {
  /** Hands out `x`. */
  readonly start: Program;
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

/** Diffusion times at which one model of a method is held against the Fokker–Planck equation. */
export interface ResidualRange extends EvaluatedModel {
  readonly times: readonly number[];
}

export interface Capabilities {
  readonly simulate: boolean;
  /** Whether there is a Fokker–Planck residual to measure. */
  readonly residual: boolean;
}

/** The settings that a method sees beside its own. */
export interface CommonSettings {
  readonly sample: object;
}

/** Training that goes on from a trained model, with another weight of the regulariser. */
export interface FineTuning<Settings> {
  settings(own: Settings, change: { readonly alpha: number; readonly steps?: number | undefined }): Settings;
  /** Which networks are trained on, by index; the others count as trained. */
  trains(index: number): boolean;
}

/** `Settings`: of a specification with its own among them; `N`: what it knows of a network that others do not. */
export interface Method<Settings = object, N extends TrainableNetwork = TrainableNetwork> {
  /** For a person. */
  readonly title: string;
  /** Its own settings, at the top of a specification. */
  readonly settings: SettingGroup;
  /** Its own settings under `sample`. */
  readonly sampling: SettingGroup;
  withDefaults(given: Settings, system: SystemClass): Settings;
  /** The rules between its settings that are broken. */
  faults(settings: Settings, system: SystemClass): Fault[];
  capabilities(settings: Settings): Capabilities;
  /** What it learns from beside positions and features. */
  columns(settings: Settings): ColumnName[];
  /** Diffusion times at which one network hands over to the next. */
  boundaries?(settings: Settings): number[];
  networks(settings: Settings, size: ConfigurationSize): N[];
  samplingPlan(trained: readonly TrainedNetwork<N>[], settings: Settings): SamplingPlan;
  /** The model whose score is the force, at a diffusion time. */
  force?(trained: readonly TrainedNetwork<N>[], evaluationTime: number): EvaluatedModel;
  /** `points` times in all; empty where no network has an energy. */
  residual?(trained: readonly TrainedNetwork<N>[], points: number): ResidualRange[];
  readonly fineTuning?: FineTuning<Settings>;
}
