/**
 * The interface of a network: its settings, the systems it serves, its parameters, and an energy or a vector as a
 * function of them. A network is one file and a line in networks.ts; specification, window, estimates and the
 * derivative check follow from that. Not here: training, or what x and t mean.
 */
import type { Recipe } from '../engines/gradcheck/numbers.ts';
import type { Shape, Tensor } from '../program/tensor.ts';
import type { SettingGroup } from '../setting.ts';
import type { ConformationStatistics } from './conformation-statistics.ts';
import type { KnownKinds } from './kinded-structure.ts';
import type { NamedTensors, ParameterSpec } from './parameters.ts';
import type { TimeRange } from './time-features.ts';

/** The kinds of systems, by the shape of a configuration: [D] of a toy, [N, 3] of a molecule. */
export type SystemClass = 'toy' | 'molecule';

export const systemClassOf = (shape: Shape): SystemClass => (shape.length === 2 ? 'molecule' : 'toy');

/** Size of the configurations that a network is evaluated on. */
export interface ConfigurationSize {
  readonly shape: Shape;
  /** Features per bead, an input of a model that transfers between molecules. */
  readonly features?: number | undefined;
  /** Of the conformations that are learned from, for networks that begin with them. */
  readonly statistics?: ConformationStatistics | undefined;
  /** For networks that know beads by their kinds. */
  readonly kinds?: KnownKinds | undefined;
}

/** An energy, or a vector for each coordinate. */
export type NetworkOutput = 'energy' | 'vector';

/** What noise has done to a configuration: x_t = m x_0 + σ ε. */
export interface NoiseLevel {
  /** m(t), []. */
  readonly mean: Tensor;
  /** σ²(t), []. */
  readonly variance: Tensor;
}

export interface NetworkInputs {
  /** Of the configuration's shape. */
  readonly x: Tensor;
  /** Diffusion time, []. */
  readonly t: Tensor;
  /** At t. */
  readonly noise: NoiseLevel;
  /** [beads, features]. */
  readonly features?: Tensor | undefined;
}

/** `Spec`: its settings with the size of a configuration, plain data with the `kind` of its entry. */
export interface Network<Spec> {
  /** For a person: "Graph transformer". */
  readonly title: string;
  readonly serves: readonly SystemClass[];
  /**
   * An energy that no rotation changes. It has no vector output, and needs the statistics of conformations, of one
   * molecule unless it transfers; it is trained without random rotations.
   */
  readonly isInvariant?: true;
  /** Whether it knows beads by their kinds, so that its statistics may be pooled over several molecules. */
  readonly transfers?: true;
  readonly settings: SettingGroup;
  /**
   * For a network of molecules that is blind to where they are: training noise and its vector have their mean over the
   * beads removed, so that only the 3N − 3 directions in which the density changes are learned. Unset: all 3N, as published.
   */
  readonly isCentred?: true;
  sized(settings: object, size: ConfigurationSize): Spec;
  sizeOf(spec: Spec): ConfigurationSize;
  parameters(spec: Spec, range: TimeRange, output: NetworkOutput): ParameterSpec[];
  /** [] for an energy, the shape of x for a vector. */
  evaluate(spec: Spec, range: TimeRange, output: NetworkOutput, weights: NamedTensors, inputs: NetworkInputs): Tensor;
  /** Energies of several configurations of one sample, xs [rows, …] → [rows], where that is cheaper than one by one. */
  energies?(
    spec: Spec,
    range: TimeRange,
    weights: NamedTensors,
    inputs: { readonly xs: Tensor } & Omit<NetworkInputs, 'x'>,
  ): Tensor;
  /** The network of a width for the derivative check, and its numbers where the usual ones are unsuitable. */
  readonly gradcheck: {
    spec(width: number): Spec;
    numbersOf?(parameter: ParameterSpec): { readonly numbers?: Recipe };
  };
}
