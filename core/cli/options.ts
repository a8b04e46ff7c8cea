/**
 * Every command and option of `ergodic`, declared once; parsing, checking and `--help` are derived from here.
 * Options that override a key of the run specification take their type, range, unit and words from its table.
 * Not here: which commands exist (commands.ts) and what they do (commands/).
 */
import type { ChoiceSetting, NumberSetting, SettingValue } from '../setting.ts';
import { settings } from '../specification/settings.ts';

interface OptionWords {
  /** What stands for the value in `--help`: N, FILE, … */
  readonly value?: string;
  readonly short?: string;
  readonly help: string;
  /** In words, for `--help`, when the default is not a fixed value. */
  readonly defaultInWords?: string;
}
interface Range {
  readonly min: number;
  readonly max: number;
  readonly aboveMin?: true;
  readonly belowMax?: true;
  readonly unit?: string;
}

export type Option = OptionWords &
  (
    | { readonly type: 'flag' }
    | { readonly type: 'text'; readonly default?: string }
    /** May be given several times. */
    | { readonly type: 'texts'; readonly default?: readonly string[] }
    | { readonly type: 'choice'; readonly options: readonly string[]; readonly default?: string }
    | (Range & { readonly type: 'number' | 'whole'; readonly default?: number })
  );

export interface Positional {
  /** As shown in the usage line; in lower case it is the key of the argument. */
  readonly name: string;
  readonly help: string;
  /** Stands for one word or more. */
  readonly many?: true;
}

export interface CommandDeclaration {
  readonly summary: string;
  readonly positionals: readonly Positional[];
  /** Keys in camel case; on the command line they are written with dashes. */
  readonly options: Readonly<Record<string, Option>>;
}

/** An option that overrides a key of the run specification for one call. */
function overrides<P extends NumberSetting | ChoiceSetting>(parameter: P, words: Partial<OptionWords> = {}) {
  const { default: _, ...declared } = parameter;
  return { defaultInWords: "the run's own", ...declared, ...words } as Omit<P, 'default'> & OptionWords;
}

const json = {
  type: 'flag',
  help: 'Print one JSON object on standard output; progress and words go to standard error.',
} as const;
const engine = overrides(settings.engine, { value: 'NAME' });
const threads = overrides(settings.threads, { value: 'N' });
const seed = overrides(settings.seed, { value: 'N' });
const computing = { engine, threads, seed, json };
const machine = {
  engine: { ...engine, default: settings.engine.default, defaultInWords: 'auto' },
  threads: { ...threads, default: settings.threads.default, defaultInWords: 'every core' },
};

const RUN = { name: 'RUN', help: 'folder of a run' } as const;
const SPEC = { name: 'SPEC', help: 'run specification, YAML or JSON' } as const;
const newFolder = {
  type: 'text',
  value: 'DIR',
  defaultInWords: 'runs/TIME-NAME',
  help: 'New folder for the run.',
} as const;
/** A specification for another molecule of the same kind. */
const ownData = {
  structure: {
    type: 'text',
    value: 'FILE',
    defaultInWords: "the specification's own",
    help: 'Another structure to learn from, with --trajectory.',
  },
  trajectory: {
    type: 'texts',
    value: 'FILE',
    defaultInWords: "the specification's own",
    help: 'Another trajectory to learn from; may be given several times.',
  },
} as const;
const outFile = {
  type: 'text',
  value: 'FILE',
  defaultInWords: "the run's folder, for a result with the run's own settings",
  help: 'Where the result goes: .npy or .csv; for a molecule .xtc, .pdb, .dcd, .trr, .xyz, ….',
} as const;

export const declarations = {
  info: {
    summary: 'version, and the engines with their devices or the reason they are unavailable',
    positionals: [],
    options: { json },
  },
  gradcheck: {
    summary: 'check every derivative on every available engine against finite differences',
    positionals: [],
    options: { ...machine, json },
  },
  bench: {
    summary: 'time the engines on this machine',
    positionals: [],
    options: {
      suite: {
        type: 'choice',
        value: 'NAME',
        options: ['kernels', 'force', 'langevin', 'train', 'sample', 'io'],
        defaultInWords: 'all',
        help: 'Which timings.',
      },
      beads: { type: 'whole', value: 'N', min: 2, max: 10_000, default: 5, help: 'Beads of the molecule.' },
      hidden: { type: 'whole', value: 'N', min: 1, max: 4096, default: 96, help: 'Width of the node features.' },
      layers: { type: 'whole', value: 'N', min: 1, max: 64, default: 2, help: 'Attention layers.' },
      batch: { type: 'whole', value: 'N', min: 1, max: 1_000_000, default: 100, help: 'Samples at once.' },
      ...machine,
      json,
    },
  },
  inspect: {
    summary: 'what is in files of molecules: atoms, frames, times, cell, problems',
    positionals: [{ name: 'FILE', help: 'structures, trajectories, arrays of toys', many: true }],
    options: { json },
  },
  convert: {
    summary: 'structures and trajectories from one format to another, whole or in part',
    positionals: [
      {
        name: 'IN',
        help: 'trajectories or structures, one after the other; a structure beside files without names of atoms gives these',
        many: true,
      },
      { name: 'OUT', help: 'new file; its ending says the format' },
    ],
    options: {
      topology: {
        type: 'text',
        value: 'FILE',
        defaultInWords: 'the first structure of IN',
        help: 'Structure that says what the atoms are; then all of IN is converted.',
      },
      select: {
        type: 'text',
        value: 'SELECTION',
        defaultInWords: 'all atoms',
        help: 'Atoms to keep, in the selection language of NGL: "protein and not hydrogen", ".CA".',
      },
      stride: { type: 'whole', value: 'K', min: 1, max: 1_000_000_000, default: 1, help: 'Keep every K-th frame.' },
      start: {
        type: 'whole',
        value: 'N',
        min: 1,
        max: 1_000_000_000_000,
        default: 1,
        help: 'First frame, counted from 1.',
      },
      end: {
        type: 'whole',
        value: 'N',
        min: 1,
        max: 1_000_000_000_000,
        defaultInWords: 'the last',
        help: 'Last frame that may be kept.',
      },
      precision: {
        type: 'whole',
        value: 'P',
        min: 1,
        max: 1_000_000_000,
        unit: '1/nm',
        defaultInWords: 'that of IN where it is rounded, otherwise 1000; of GRO always 1000',
        help: 'Positions in XTC and GRO are rounded to 1/P.',
      },
      json,
    },
  },
  run: {
    summary: 'the whole pipeline of a specification: data, train, sample, simulate, evaluate',
    positionals: [SPEC],
    options: { out: newFolder, ...ownData, ...computing },
  },
  train: {
    summary: 'train the experts of a specification',
    positionals: [SPEC],
    options: {
      out: newFolder,
      ...ownData,
      resume: { type: 'flag', help: 'Continue the training that was stopped in DIR, the folder given with --out.' },
      ...computing,
    },
  },
  'fine-tune': {
    summary: 'add the Fokker–Planck regulariser to a trained model and train its expert at t = 0 on',
    positionals: [RUN],
    options: {
      alpha: overrides(settings.experts.of.alpha, { value: 'A' }),
      steps: overrides(settings.experts.of.steps, { value: 'N' }),
      out: newFolder,
      ...computing,
    },
  },
  sample: {
    summary: 'draw independent samples by reverse diffusion',
    positionals: [RUN],
    options: {
      count: overrides(settings.sample.count, { value: 'N', short: 'n' }),
      solver: overrides(settings.sample.solver, { value: 'NAME' }),
      steps: overrides(settings.sample.steps, { value: 'K' }),
      out: outFile,
      ...computing,
    },
  },
  simulate: {
    summary: "Langevin dynamics with the model's score as the force",
    positionals: [RUN],
    options: {
      replicas: overrides(settings.simulate.replicas, { value: 'R' }),
      steps: overrides(settings.simulate.steps, { value: 'S' }),
      equilibration: overrides(settings.simulate.equilibration, { value: 'S' }),
      dt: overrides(settings.simulate.timeStep, { value: 'PS' }),
      stride: overrides(settings.simulate.stride, { value: 'K' }),
      friction: overrides(settings.simulate.friction, { value: 'G' }),
      integrator: overrides(settings.simulate.integrator, { value: 'NAME' }),
      evaluationTime: overrides(settings.simulate.evaluationTime, { value: 'T' }),
      start: overrides(settings.simulate.start, { value: 'NAME' }),
      out: outFile,
      ...computing,
    },
  },
  evaluate: {
    summary: 'scores with their noise floor, and figures',
    positionals: [RUN],
    options: {
      reference: {
        type: 'text',
        value: 'DATA',
        defaultInWords: 'the training data',
        help: 'What to compare with: .npy or .csv; for a molecule a trajectory of its atoms or beads.',
      },
      engine,
      threads,
      json,
    },
  },
  residual: {
    summary: 'Fokker–Planck residual of a model against diffusion time',
    positionals: [RUN],
    options: { points: overrides(settings.evaluate.residualPoints, { value: 'N' }), ...computing },
  },
  resume: {
    summary: 'continue whatever was stopped in a folder',
    positionals: [{ name: 'DIR', help: 'folder of the run that was stopped' }],
    options: { engine, threads, json },
  },
  serve: {
    summary: 'the window in a browser on this machine, or at the far end of an SSH tunnel',
    positionals: [],
    options: {
      port: {
        type: 'whole',
        value: 'P',
        min: 1,
        max: 65_535,
        defaultInWords: 'any that is free',
        help: 'Port on 127.0.0.1.',
      },
      home: {
        type: 'text',
        value: 'DIR',
        defaultInWords: '~/Ergodic',
        help: 'Where new projects and files that were dropped into the window are kept.',
      },
      project: {
        type: 'texts',
        value: 'DIR',
        defaultInWords: 'those opened before',
        help: 'A project that the window may open, wherever it lies; may be given several times.',
      },
      open: { type: 'flag', help: 'Open the window in the browser of this machine.' },
      json,
    },
  },
} as const satisfies Record<string, CommandDeclaration>;

export type CommandName = keyof typeof declarations;

type OptionValue<O> = O extends { default: infer _ } ? SettingValue<O> : SettingValue<O> | undefined;
type PositionalValues<P extends readonly Positional[]> = {
  readonly [Each in P[number] as Lowercase<Each['name']>]: Each extends { many: true } ? readonly string[] : string;
};
type OptionValues<O> = { readonly [Key in keyof O]: O[Key] extends { type: 'flag' } ? boolean : OptionValue<O[Key]> };

/** What a command is given, by key: positionals in lower case and options in camel case. */
export type Arguments<Name extends CommandName> = PositionalValues<(typeof declarations)[Name]['positionals']> &
  OptionValues<(typeof declarations)[Name]['options']>;

/** `evaluationTime` is written `--evaluation-time`. */
export const flagOf = (key: string): string => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
