/**
 * What to train, from what is known of a molecule or a toy before its data are read: experts of the diffusion method, and
 * the sentence that says so (method §4, §5). The choices are those that reached the noise floor soonest in the
 * measurements of docs/results.md. Pure: nothing is measured here.
 */

import { type NetworkKind, networkSettings } from '../../models/networks.ts';
import type { SettingGroup, SettingNode } from '../../setting.ts';
import { isGroup } from '../../setting.ts';
import type { ExpertSettings } from '../diffusion/settings.ts';
import { settings as diffusionSettings } from '../diffusion/settings.ts';

/** What is to be learned. */
export interface Modelled {
  readonly system: 'toy' | 'molecule';
  /** Of the molecule; 0 for a toy. */
  readonly beads: number;
  /** Configurations to train on; undefined where they are generated. */
  readonly frames?: number | undefined;
  /** Molecules to train on. */
  readonly molecules: number;
  /** Bonds that others turn about. */
  readonly rotatable: number;
  /** Mean distance between bonded beads, nm. */
  readonly bondLength: number;
  /** Whether every frame has forces. */
  readonly hasForces: boolean;
}

export interface Choice {
  readonly experts: readonly ExpertSettings[];
  /** "an invariant energy for all times; …" */
  readonly sentence: string;
}

/** Few beads: triple products see chirality at every noise level, and one network does for all. */
const MOST_FOR_ONE = 6;
/** Every pair of beads is a feature of the invariant energy. */
const MOST_FOR_PAIRS = 40;
/** nm. No two atoms that are bonded are further apart: beads that are stand for whole residues. */
const LONGEST_BOND = 0.25;
/** Frames below which a held-out part would be missed. */
const FEW_FRAMES = 1000;
/** Of the frames, where there are enough. */
const HELD_OUT = 0.1;

const common = {
  batch: 512,
  learningRate: [3e-3, 1.5e-5] as [number, number],
  ema: 0.999,
  emaWarmup: true,
  squareDecay: 0.99,
};

export const heldOut = ({ frames = 0 }: Modelled): number => (frames >= FEW_FRAMES ? HELD_OUT : 0);

export function choose(modelled: Modelled): Choice {
  if (modelled.system === 'toy') return forToy();
  if (modelled.molecules > 1) return transferable();
  const { beads } = modelled;
  if (beads <= MOST_FOR_ONE) return forFewBeads(modelled);
  if (beads <= MOST_FOR_PAIRS) return modelled.bondLength > LONGEST_BOND ? forChain(modelled) : forBeads(modelled);
  return forManyBeads();
}

/** Of an expert, with the defaults of the table for what is not given. */
function expert({ network, ...given }: ChosenExpert): ExpertSettings {
  const whole = { ...defaultsOf(networkSettings[network.kind]), ...network };
  return { ...defaultsOf(diffusionSettings.experts.of), ...given, network: whole } as ExpertSettings;
}

type ChosenNetwork = { readonly kind: NetworkKind } & Readonly<Record<string, unknown>>;
type ChosenExpert = { readonly network: ChosenNetwork } & Readonly<Record<string, unknown>>;

function defaultsOf(group: SettingGroup): object {
  return Object.fromEntries(
    Object.entries(group).flatMap(([key, node]: [string, SettingNode]) =>
      isGroup(node) || !('default' in node) || node.default === null ? [] : [[key, node.default]],
    ),
  );
}

/** Loss terms of an invariant energy, and how finely it resolves small noise: forces say more of it than positions. */
function learnedFrom({ hasForces, rotatable }: Modelled) {
  const floor = hasForces ? 1e-4 : 3e-3;
  return {
    ...(hasForces ? { forces: 1, denoising: 0 } : {}),
    ...(rotatable > 0 ? { contrast: 0.05 } : {}),
    times: 'mixed',
    varianceFloor: floor,
  };
}

const termsInWords = ({ hasForces, rotatable }: Modelled): string => {
  const from = hasForces ? 'positions and forces' : 'positions';
  return rotatable > 0 ? `${from}, with torsion contrast` : from;
};

function forFewBeads(modelled: Modelled): Choice {
  const timeResolution = modelled.hasForces ? 3e-4 : 3e-3;
  const network: ChosenNetwork = { kind: 'invariant', hidden: 96, layers: 3, timeResolution };
  const steps = 8000;
  return {
    experts: [expert({ ...common, ...learnedFrom(modelled), range: [0, 1], network, steps, weightMidpoint: 0.5 })],
    sentence: `one invariant energy for all diffusion times, learned from ${termsInWords(modelled)}`,
  };
}

/** Up to so many beads, one mode energy follows an invariant one; beyond, noise that blurs bonds has its own. */
const MOST_FOR_TWO = 14;

/** Boundaries are where the losses of the networks cross, by noise level (`ergodic profile`). */
function forBeads(modelled: Modelled): Choice {
  const few = modelled.beads <= MOST_FOR_TWO;
  const boundaries = few ? [0.05] : [0.008, 0.06];
  const [first] = boundaries as [number];
  const small = expert({
    ...common,
    ...learnedFrom(modelled),
    range: [0, first],
    network: { kind: 'invariant', hidden: 128, layers: 3, timeResolution: modelled.hasForces ? 1e-4 : 3e-3 },
    // The populations of ten beads need more of it than those of five: simulation 1.4 × the floor with half as much.
    ...(modelled.rotatable > 0 && few ? { contrast: 0.1 } : {}),
    contrastCopies: few ? 4 : 1,
    weightMidpoint: middle(0, first),
    steps: few ? 7000 : 4000,
  });
  const rest = few
    ? [modes(first, 1, { hidden: 64, modes: 7, chiralModes: 6 }, 4000)]
    : [
        modes(first, boundaries[1]!, { hidden: 128, modes: 21, chiralModes: 13 }, 4000),
        modes(boundaries[1]!, 1, { hidden: 64, modes: 13, chiralModes: 11 }, 3000),
      ];
  return {
    experts: [small, ...rest],
    sentence:
      `an invariant energy up to t = ${first}, learned from ${termsInWords(modelled)}, ` +
      `and ${few ? 'a mode energy' : 'two mode energies'} for larger noise`,
  };
}

/**
 * Beads that stand for residues, of one chain or several: bonds are stiff and little else is, so that an invariant energy does
 * for more noise; contacts are radial functions, and above them the modes of the whole shape tell how a chain is folded.
 * Boundaries are where the losses cross. Torsion contrast is left out: a compact chain with a turned torsion overlaps itself.
 */
function forChain(modelled: Modelled): Choice {
  const few = modelled.beads <= MOST_FOR_TWO;
  const [first, second] = [0.09, 0.4];
  // Of ten beads the network itself sees how each pair counts; of 28 it does not in this time.
  const contacts = few ? {} : { radial: 5 };
  const free = { ...modelled, rotatable: 0 };
  const small = expert({
    ...common,
    ...learnedFrom(free),
    range: [0, first],
    network: { kind: 'invariant', hidden: 256, timeResolution: modelled.hasForces ? 1e-4 : 3e-3, ...contacts },
    weightMidpoint: middle(0, first),
    steps: 6000,
  });
  const between = expert({
    ...common,
    range: [first, second],
    network: { kind: 'invariant', hidden: few ? 192 : 256, modes: few ? 9 : 20, chiralModes: 9, ...contacts },
    times: 'log-snr',
    weightMidpoint: middle(first, second),
    steps: 4000,
  });
  return {
    experts: [small, between, modes(second, 1, { hidden: 64, modes: 9, chiralModes: 9 }, 2000)],
    sentence:
      `an invariant energy up to t = ${first}, learned from ${termsInWords(free)}, another that also sees the modes of the chain ` +
      `up to t = ${second}, and a mode energy for larger noise`,
  };
}

const middle = (from: number, to: number): number => Number(((from + to) / 2).toPrecision(12));

function modes(from: number, to: number, network: object, steps: number): ExpertSettings {
  return expert({
    ...common,
    range: [from, to],
    network: { kind: 'modes', layers: 3, ...network },
    times: 'log-snr',
    weightMidpoint: middle(from, to),
    steps,
  });
}

const transformer: ChosenNetwork = {
  kind: 'graph-transformer',
  hidden: 96,
  layers: 2,
  heads: 8,
  headWidth: 64,
  triples: 8,
};

/** Three ranges of a graph transformer: what is known to work where no cheaper network fits. */
function transformers(): ExpertSettings[] {
  const own = { network: transformer, batch: 128, learningRate: [5e-4, 1e-5] as [number, number] };
  return [
    expert({ ...own, range: [0, 0.1], weightMidpoint: 0.03, steps: 24_000 }),
    expert({ ...own, range: [0.1, 0.6], weightMidpoint: 0.35, steps: 40_000 }),
    expert({ ...own, range: [0.6, 1], weightMidpoint: 0.8, steps: 12_000, conservative: false }),
  ];
}

const transferable = (): Choice => ({
  experts: transformers(),
  sentence: 'graph transformers that see the chemistry of the beads, because there are several molecules',
});

const forManyBeads = (): Choice => ({
  experts: transformers(),
  sentence: `graph transformers, because there are more than ${MOST_FOR_PAIRS} beads`,
});

function forToy(): Choice {
  const network: ChosenNetwork = { kind: 'mlp', widths: [92, 92, 92] };
  return {
    experts: [
      expert({
        ...common,
        range: [0, 1],
        network,
        times: 'mixed',
        learningRate: [2e-3, 1e-5],
        weightMidpoint: 0.5,
        steps: 10_000,
      }),
    ],
    sentence: 'one multilayer perceptron for all diffusion times',
  };
}
