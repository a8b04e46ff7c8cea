/**
 * Every command and option of `ergodic`, declared once; parsing, checking, `--help` and docs/commands.md are derived
 * from here. Options that override a setting of the run specification take type, range, unit and help from its table.
 * Not here: which commands exist (commands.ts) and what they do (commands/).
 */
import type { ChoiceSetting, NumberSetting, SettingValue } from '../setting.ts';
import { settings } from '../specification/settings.ts';

interface OptionWords {
  /** Placeholder of the value in `--help`: N, FILE, … */
  readonly value?: string;
  readonly short?: string;
  readonly help: string;
  /** For `--help`, when the default is not a fixed value. */
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
  /** One argument or more. */
  readonly many?: true;
}

export interface CommandDeclaration {
  readonly summary: string;
  readonly positionals: readonly Positional[];
  /** Keys in camel case; on the command line they are written with dashes. */
  readonly options: Readonly<Record<string, Option>>;
}

/** An option that overrides a setting of the run specification for one call. */
function overrides<P extends NumberSetting | ChoiceSetting>(setting: P, words: Partial<OptionWords> = {}) {
  const { default: _, ...declared } = setting;
  return { defaultInWords: 'as in the specification', ...declared, ...words } as Omit<P, 'default'> & OptionWords;
}

const json = {
  type: 'flag',
  help: 'Print one JSON object to standard output; messages go to standard error.',
} as const;
const engine = overrides(settings.engine, { value: 'NAME' });
const threads = overrides(settings.threads, { value: 'N' });
const seed = overrides(settings.seed, { value: 'N' });
const computing = { engine, threads, seed, json };
const machine = {
  engine: { ...engine, default: settings.engine.default, defaultInWords: 'auto' },
  threads: { ...threads, default: settings.threads.default, defaultInWords: 'one per core' },
};

const RUN = { name: 'RUN', help: 'run folder' } as const;
const SPEC = { name: 'SPEC', help: 'run specification, YAML or JSON' } as const;
const newFolder = {
  type: 'text',
  value: 'DIR',
  defaultInWords: 'runs/TIME-NAME',
  help: 'New run folder.',
} as const;
/** The same specification for other training data. */
const ownData = {
  structure: {
    type: 'text',
    value: 'FILE',
    defaultInWords: 'as in SPEC',
    help: 'Structure of other training data; needs --trajectory.',
  },
  trajectory: {
    type: 'texts',
    value: 'FILE',
    defaultInWords: 'as in SPEC',
    help: 'Trajectory of other training data; repeatable.',
  },
} as const;
const outFile = {
  type: 'text',
  value: 'FILE',
  defaultInWords: "the run folder, for a result with the run's settings",
  help: 'Output file: .npy or .csv for a toy; .xtc, .pdb, .dcd, .trr, .xyz, … for a molecule.',
} as const;

export const declarations = {
  info: {
    summary: 'print the version, the engines with their devices, the methods and the networks',
    positionals: [],
    options: { json },
  },
  gradcheck: {
    summary: 'check all derivatives against finite differences, on every available engine',
    positionals: [],
    options: { ...machine, json },
  },
  bench: {
    summary: 'measure the speed of the engines on this machine',
    positionals: [],
    options: {
      suite: {
        type: 'choice',
        value: 'NAME',
        options: ['kernels', 'force', 'langevin', 'train', 'sample', 'io'],
        defaultInWords: 'all',
        help: 'Benchmark suite.',
      },
      beads: { type: 'whole', value: 'N', min: 2, max: 10_000, default: 5, help: 'Number of beads.' },
      hidden: { type: 'whole', value: 'N', min: 1, max: 4096, default: 96, help: 'Width of the node features.' },
      layers: { type: 'whole', value: 'N', min: 1, max: 64, default: 2, help: 'Attention layers.' },
      batch: { type: 'whole', value: 'N', min: 1, max: 1_000_000, default: 100, help: 'Batch size.' },
      ...machine,
      json,
    },
  },
  inspect: {
    summary: 'describe molecular files: atoms, frames, times, cell, problems',
    positionals: [{ name: 'FILE', help: 'structures, trajectories, or arrays', many: true }],
    options: { json },
  },
  convert: {
    summary: 'convert structures and trajectories, whole or in part',
    positionals: [
      {
        name: 'IN',
        help: 'trajectories or structures, concatenated; atom names come from the first structure file',
        many: true,
      },
      { name: 'OUT', help: 'new file; the format follows from its extension' },
    ],
    options: {
      topology: {
        type: 'text',
        value: 'FILE',
        defaultInWords: 'the first structure of IN',
        help: 'Structure with the atom names; all files of IN are then converted.',
      },
      select: {
        type: 'text',
        value: 'SELECTION',
        defaultInWords: 'all atoms',
        help: 'Atoms to keep, in NGL selection syntax: "protein and not hydrogen", ".CA".',
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
        defaultInWords: 'the last frame',
        help: 'Last frame, counted from 1.',
      },
      precision: {
        type: 'whole',
        value: 'P',
        min: 1,
        max: 1_000_000_000,
        unit: '1/nm',
        defaultInWords: 'that of IN if IN is rounded, otherwise 1000; for GRO always 1000',
        help: 'Round positions in XTC and GRO files to 1/P.',
      },
      json,
    },
  },
  run: {
    summary: 'run the whole pipeline: data, training, sampling, simulation, evaluation',
    positionals: [SPEC],
    options: { out: newFolder, ...ownData, ...computing },
  },
  train: {
    summary: 'train the model of a specification',
    positionals: [SPEC],
    options: {
      out: newFolder,
      ...ownData,
      resume: { type: 'flag', help: 'Resume the interrupted training in the folder given with --out.' },
      ...computing,
    },
  },
  'fine-tune': {
    summary:
      'continue training a trained model: its expert at t = 0 with the Fokker–Planck regulariser, or a generator with guidance by forces',
    positionals: [RUN],
    options: {
      alpha: overrides(settings.experts.of.alpha, { value: 'A', defaultInWords: 'none; required for diffusion' }),
      guidance: {
        type: 'choice',
        options: ['fi', 'fk'],
        value: 'NAME',
        help: 'How forces bend the field of a generator, as in `generator.guidance`.',
        defaultInWords: 'none; required for a generator',
      },
      strength: {
        type: 'number',
        min: 0,
        max: 20,
        value: 'S',
        help: 'Strength of the guidance: ω of fi, γ of fk.',
        defaultInWords: 'as in the specification',
      },
      steps: overrides(settings.experts.of.steps, {
        value: 'N',
        defaultInWords: 'a quarter of the steps in the specification',
      }),
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
    summary: 'run Langevin dynamics with the learned force',
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
      torsionMoves: overrides(settings.simulate.torsionMoves, { value: 'N' }),
      torsionMovesEvery: overrides(settings.simulate.torsionMovesEvery, { value: 'K' }),
      out: outFile,
      ...computing,
    },
  },
  evaluate: {
    summary: 'compute metrics with their noise floor, and figures',
    positionals: [RUN],
    options: {
      reference: {
        type: 'text',
        value: 'DATA',
        defaultInWords: 'the training data',
        help: 'Reference data: .npy or .csv for a toy; a trajectory of the atoms or the beads for a molecule.',
      },
      engine,
      threads,
      json,
    },
  },
  profile: {
    summary: 'compare models by their denoising loss at each noise level, in nats, without sampling',
    positionals: [RUN],
    options: {
      against: {
        type: 'text',
        value: 'RUN',
        defaultInWords: 'none',
        help: 'Run folder of another model of the same system.',
      },
      points: { type: 'whole', value: 'N', min: 2, max: 1000, default: 48, help: 'Noise levels, even in log(m/σ).' },
      samples: { type: 'whole', value: 'N', min: 100, max: 1_000_000, default: 4000, help: 'Conformations, at most.' },
      ...computing,
    },
  },
  residual: {
    summary: 'compute the Fokker–Planck residual against diffusion time',
    positionals: [RUN],
    options: { points: overrides(settings.evaluate.residualPoints, { value: 'N' }), ...computing },
  },
  solvers: {
    summary: 'compare the solvers of sampling by what they reach for so many network calls',
    positionals: [RUN],
    options: {
      count: {
        type: 'whole',
        value: 'N',
        min: 100,
        max: 10_000_000,
        default: 5000,
        help: 'Samples that are drawn for each solver and each number of calls.',
      },
      calls: {
        type: 'text',
        value: 'N,N,…',
        default: '25,50,100,200,400',
        help: 'Numbers of network calls for one sample, separated by commas.',
      },
      ...computing,
    },
  },
  experts: {
    summary: 'show what each expert adds to the error of the samples',
    positionals: [RUN],
    options: {
      count: {
        type: 'whole',
        value: 'N',
        min: 100,
        max: 10_000_000,
        default: 10_000,
        help: 'Samples that begin at the largest noise of each expert, at most as many as there are frames to begin at.',
      },
      ...computing,
    },
  },
  resume: {
    summary: 'resume an interrupted run',
    positionals: [{ name: 'DIR', help: 'folder of the interrupted run' }],
    options: { engine, threads, json },
  },
  serve: {
    summary: 'open the app in a browser, locally or through an SSH tunnel',
    positionals: [],
    options: {
      port: {
        type: 'whole',
        value: 'P',
        min: 1,
        max: 65_535,
        defaultInWords: 'a free port',
        help: 'Port on 127.0.0.1.',
      },
      home: {
        type: 'text',
        value: 'DIR',
        defaultInWords: '~/Ergodic',
        help: 'Folder for new projects and for files dropped into the window.',
      },
      project: {
        type: 'texts',
        value: 'DIR',
        defaultInWords: 'recent projects',
        help: 'Project folder that the window may open; repeatable.',
      },
      open: { type: 'flag', help: 'Open the browser of this machine.' },
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

/** The arguments of a command by key: positionals in lower case, options in camel case. */
export type Arguments<Name extends CommandName> = PositionalValues<(typeof declarations)[Name]['positionals']> &
  OptionValues<(typeof declarations)[Name]['options']>;

/** `evaluationTime` is written `--evaluation-time`. */
export const flagOf = (key: string): string => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
