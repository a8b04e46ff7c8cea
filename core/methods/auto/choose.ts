/**
 * What to train, from what is known of a molecule or a toy before its data are read: experts of the diffusion method, and
 * the sentence that says so (method §4, §5). The choices are those that reached the noise floor soonest in the
 * measurements of docs/results.md. Pure: nothing is measured here.
 */

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
  if (beads <= MOST_FOR_PAIRS) return forBeads(modelled);
  return forManyBeads();
}

/** Of an expert, with the defaults of the table for what is not given. */
const expert = (given: object): ExpertSettings =>
  ({ ...defaultsOf(diffusionSettings.experts.of), ...given }) as ExpertSettings;

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
  const network = { kind: 'invariant', hidden: 96, layers: 3, timeResolution };
  const steps = 8000;
  return {
    experts: [expert({ ...common, ...learnedFrom(modelled), range: [0, 1], network, steps, weightMidpoint: 0.5 })],
    sentence: `one invariant energy for all diffusion times, learned from ${termsInWords(modelled)}`,
  };
}

/** Up to so many beads, one mode energy follows an invariant one; beyond, noise that blurs bonds has its own. */
const MOST_FOR_TWO = 14;

/** Where the losses of the networks cross, by noise level (`ergodic profile`). */
const boundariesFor = ({ beads }: Modelled): number[] => (beads <= MOST_FOR_TWO ? [0.05] : [0.008, 0.06]);

function forBeads(modelled: Modelled): Choice {
  const few = modelled.beads <= MOST_FOR_TWO;
  const boundaries = boundariesFor(modelled);
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

const transformer = { kind: 'graph-transformer', hidden: 96, layers: 2, heads: 8, headWidth: 64, triples: 8 };

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
  const [first] = boundariesFor(modelled) as [number];
  const small = expert({
    ...common,
    ...learnedFrom(modelled),
    range: [0, first],
    network: { kind: 'local', hidden: 16, layers: 3, reach: 4, timeResolution: modelled.hasForces ? 3e-4 : 3e-3 },
    ...(modelled.rotatable > 0 ? { contrast: 0.1 } : {}),
    contrastCopies: modelled.beads <= MOST_FOR_TWO ? 4 : 1,
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

function forToy(): Choice {
  const network = { kind: 'mlp', widths: [92, 92, 92] };
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
