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
  const { beads } = modelled;
  if (modelled.molecules > 1) return beads <= MOST_FOR_PAIRS ? transferable(modelled) : forManyMolecules();
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

/**
 * Loss terms of an invariant energy. Populations need the contrast: with half as much of it simulations were at 1.3 to 1.4
 * times the floor; but without forces more of it costs bonds. With two copies in place of four, 22 atoms were at 1.17 to 1.19
 * instead of 1.10, and unseen dipeptides were lost.
 */
function learnedFrom({ beads, hasForces, rotatable }: Modelled, leastNoise = LEAST_NOISE) {
  const few = beads <= MOST_FOR_TWO;
  const contrast = few ? (hasForces ? 0.1 : 0.05) : 0.05;
  return {
    ...(hasForces ? { forces: 1, denoising: 0 } : {}),
    ...(rotatable > 0 ? { contrast, contrastCopies: COPIES } : {}),
    times: 'mixed',
    varianceFloor: hasForces ? 1e-4 : leastNoise,
  };
}

const COPIES = 4;

/** Noise variance that positions alone resolve: with six times as much, bonds and forces were less right. */
const LEAST_NOISE = 5e-4;
/** The same of softer bonds between residues, and of statistics pooled over molecules. */
const COARSE_NOISE = 3e-3;

const termsInWords = ({ hasForces, rotatable }: Modelled): string => {
  const from = hasForces ? 'positions and forces' : 'positions';
  return rotatable > 0 ? `${from}, with torsion contrast` : from;
};

function forFewBeads(modelled: Modelled): Choice {
  const timeResolution = modelled.hasForces ? 3e-4 : LEAST_NOISE;
  const network: ChosenNetwork = { kind: 'invariant', hidden: 96, layers: 3, timeResolution };
  const steps = modelled.hasForces ? 8000 : 12_000;
  return {
    experts: [expert({ ...common, ...learnedFrom(modelled), range: [0, 1], network, steps, weightMidpoint: 0.5 })],
    sentence: `one invariant energy for all diffusion times, learned from ${termsInWords(modelled)}`,
  };
}

/** Up to so many beads, one mode energy follows an invariant one; beyond, noise that blurs bonds has its own. */
const MOST_FOR_TWO = 14;

/**
 * Boundaries are where the losses of the networks cross, by noise level (`ergodic profile`), and where an expert of its own
 * made samples better (`ergodic experts`).
 */
function forBeads(modelled: Modelled): Choice {
  const few = modelled.beads <= MOST_FOR_TWO;
  const rest = largerNoise(modelled);
  const [first] = rest[0]!.range;
  const small = expert({
    ...common,
    ...learnedFrom(modelled),
    range: [0, first],
    network: { kind: 'invariant', hidden: 128, layers: 3, timeResolution: modelled.hasForces ? 1e-4 : LEAST_NOISE },
    weightMidpoint: middle(0, first),
    steps: few ? 7000 : 8000,
  });
  return {
    experts: [small, ...rest],
    sentence:
      `an invariant energy up to t = ${first}, learned from ${termsInWords(modelled)}, ` +
      `and ${few ? 'a mode energy' : `${rest.length} mode energies`} for larger noise`,
  };
}

const largerNoise = ({ beads }: Modelled): ExpertSettings[] =>
  beads <= MOST_FOR_TWO ? modeEnergiesOfFew() : modeEnergiesOf(beads);

const modeEnergiesOfFew = (): ExpertSettings[] => [modes(0.05, 1, { hidden: 64, modes: 7, chiralModes: 6 }, 4000)];

/** Bonds and angles blur first, and need every mode; where a molecule is a few vectors, the largest ones do. */
const modeEnergiesOf = (beads: number): ExpertSettings[] => [
  ...[
    [0.009, 0.022],
    [0.022, 0.06],
    [0.06, 0.16],
  ].map(([from, to]) => modes(from!, to!, { hidden: 128, modes: beads - 1, chiralModes: 13 }, 6000)),
  modes(0.16, 1, { hidden: 128, modes: 13, chiralModes: 11 }, 5000),
];

/**
 * Beads that stand for residues: bonds are stiff and little else is, so what decides is how far beads are from one another,
 * and a mode energy is for the largest noise only. Ranges are where the losses cross (`ergodic profile`).
 */
const forChain = (modelled: Modelled): Choice =>
  modelled.beads <= MOST_FOR_TWO ? forShortChain(modelled) : forLongChain(modelled);

/**
 * Denoising at small noise does not see populations on both sides of a barrier. The range reaches to noise that does, and the
 * Fokker–Planck term carries them down: without it simulations were at 1.3 to 1.6 times the floor.
 */
function forShortChain(modelled: Modelled): Choice {
  const [first, second] = [0.2, 0.5];
  const seen = { kind: 'invariant' as const, modes: 9, chiralModes: 9 };
  const small = expert({
    ...common,
    ...learnedFrom(modelled, COARSE_NOISE),
    ...(modelled.rotatable > 0 ? { contrast: 0.1 } : {}),
    contrastCopies: 2,
    ...consistent,
    range: [0, first],
    network: { ...seen, hidden: 256, timeResolution: resolutionOf(modelled) },
    weightMidpoint: middle(0, first),
    steps: 5000,
  });
  return {
    experts: [small, chainBetween(first, second, { ...seen, hidden: 128 }, 3000), chainAbove(second)],
    sentence:
      `an invariant energy that sees the modes of the chain, too, up to t = ${first}, learned from ${termsInWords(modelled)} ` +
      `and the Fokker–Planck regulariser, another one up to t = ${second}, and a mode energy for larger noise`,
  };
}

/**
 * The same with functions of single coordinates, which are many, and without contrast: a long, compact chain with a turned torsion
 * overlaps itself.
 */
function forLongChain(modelled: Modelled): Choice {
  const [first, second] = [0.2, 0.5];
  const seen = { kind: 'invariant' as const, hidden: 256, additive: 7, modes: 20, chiralModes: 10 };
  const free = { ...modelled, rotatable: 0 };
  const small = expert({
    ...common,
    ...learnedFrom(free, COARSE_NOISE),
    ...consistent,
    range: [0, first],
    network: { ...seen, timeResolution: resolutionOf(modelled) },
    weightMidpoint: middle(0, first),
    steps: 12_000,
  });
  return {
    experts: [small, chainBetween(first, second, seen, 5000), chainAbove(second, 3000)],
    sentence:
      `an invariant energy with additive functions and the modes of the chain up to t = ${first}, learned from ` +
      `${termsInWords(free)} and the Fokker–Planck regulariser, another one up to t = ${second}, and a mode energy for larger noise`,
  };
}

/** Late, because a step with the residual takes longer. */
const consistent = { alpha: 1e-3, alphaFrom: 0.6 };

const resolutionOf = ({ hasForces }: Modelled): number => (hasForces ? 1e-4 : COARSE_NOISE);

const chainBetween = (from: number, to: number, network: ChosenNetwork, steps: number): ExpertSettings =>
  expert({ ...common, range: [from, to], network, times: 'log-snr', weightMidpoint: middle(from, to), steps });

const chainAbove = (from: number, steps = 2000): ExpertSettings =>
  modes(from, 1, { hidden: 64, modes: 9, chiralModes: 9 }, steps);

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

/** Several molecules: the networks for one, seen from its beads, whose kinds have the weights. */
function transferable(modelled: Modelled): Choice {
  const [first] = largerNoise(modelled)[0]!.range;
  const small = expert({
    ...common,
    ...learnedFrom(modelled, COARSE_NOISE),
    ...(modelled.rotatable > 0 ? { contrast: 0.1 } : {}),
    range: [0, first],
    network: {
      kind: 'local',
      hidden: 16,
      layers: 3,
      reach: 4,
      timeResolution: modelled.hasForces ? 3e-4 : COARSE_NOISE,
    },
    weightMidpoint: middle(0, first),
    steps: 6000,
  });
  const large = expert({
    ...common,
    range: [first, 1],
    network: { kind: 'local-shape', hidden: 16, layers: 3, reach: 4 },
    times: 'log-snr',
    weightMidpoint: middle(first, 1),
    steps: 4000,
  });
  return {
    experts: [small, large],
    sentence:
      `a local energy up to t = ${first}, whose weights belong to kinds of beads because there are several molecules, learned ` +
      `from ${termsInWords(modelled)}, and a local shape energy for larger noise`,
  };
}

const forManyMolecules = (): Choice => ({
  experts: transformers(),
  sentence: `graph transformers that see the chemistry of the beads, because molecules have more than ${MOST_FOR_PAIRS} beads`,
});

const forManyBeads = (): Choice => ({
  experts: transformers(),
  sentence: `graph transformers, because there are more than ${MOST_FOR_PAIRS} beads`,
});

/**
 * Few dimensions, where the Fokker–Planck residual is exact and cheap: without it, the simulation of the Müller–Brown
 * potential is at 1.8 times the noise floor or more where samples are at it.
 */
function forToy(): Choice {
  return {
    experts: [
      expert({
        ...common,
        range: [0, 1],
        network: { kind: 'mlp', widths: [92, 92, 92] },
        times: 'mixed',
        alpha: 1e-3,
        alphaFrom: 0.3,
        weightMidpoint: 0.5,
        steps: 12_000,
      }),
    ],
    sentence: 'one energy for all diffusion times, a multilayer perceptron with the Fokker–Planck regulariser',
  };
}
