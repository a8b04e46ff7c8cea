/**
 * Everything that a window and a host say to each other: requests (the window asks, the host answers once), events (the
 * host tells, one way), streams (pictures of work in progress, as many as the window has asked for). One table each,
 * every body with its schema; the host checks every message on arrival and answers a bad one with a sentence.
 * Lengths are nm, times ps, angles rad, energies kT where a name ends in `Energy` or says so; a window converts for
 * people. Files are named by ids that the host gave out, never by paths. Not here: how messages travel
 * (core/host/transports/), or what the answers are made of.
 */
import { z } from 'zod';
import { qualitySchema } from '../analysis/metrics/quality-schema.ts';
import { recordedChoiceSchema } from '../runs/auto/recorded-choice.ts';

// ---------------------------------------------------------------- what is spoken of

/** A file or folder that a person has handed over: an opaque id, told to the window by the host. */
const fileId = z.string().regex(/^f[0-9a-z]{1,24}$/);
/** A run of the open project: the name of its folder under runs/. */
export const runId = z.string().regex(/^[\p{L}\p{N}][\p{L}\p{N}._-]{0,199}$/u);
const jobId = z.string().regex(/^j[0-9a-z]{1,24}$/);
const streamId = z.string().regex(/^s[0-9a-z]{1,24}$/);
const count = z.int().min(0);
const floats = z.instanceof(Float32Array);
const point = z.tuple([z.number(), z.number()]);
const sentence = z.string().max(4000);

/** A file as a list shows it. */
const fileSchema = z.object({ id: fileId, name: z.string(), folder: z.string(), bytes: count });

const inspectionSchema = z.object({
  file: fileSchema,
  format: z.string(),
  /** Whether it says what the atoms are; whether it has conformations. */
  isStructure: z.boolean(),
  atoms: count.nullable(),
  residues: count.nullable(),
  chains: z.array(z.string()).nullable(),
  frames: count,
  /** ps. */
  firstTime: z.number().nullable(),
  timeStep: z.number().nullable(),
  /** nm, degrees. */
  unitCell: z.object({ lengths: z.array(z.number()), angles: z.array(z.number()) }).nullable(),
  /** positions, velocities, forces, energies. */
  holds: z.array(z.string()),
  /** Of a file of plain numbers, one for each frame perhaps: how many. */
  numbers: count.optional(),
  problems: z.array(sentence),
});

/** A molecule's structure and the trajectories that belong to it. */
const sourceSchema = z.strictObject({
  structure: fileId.nullable(),
  trajectories: z.array(fileId).max(10_000),
  /** Of the weights of its frames. */
  weights: fileId.nullable().optional(),
  use: z.enum(['train', 'test']).default('train'),
});

/**
 * What a person has set, as a run specification without its defaults (core/specification/settings.ts); where that names files,
 * this names their ids. The host checks it when asked to (`draft.check`), not when it is stored: a half-typed draft is
 * kept, too.
 */
const draftSchema = z.record(z.string(), z.json());

/** A preset or a selection, or groups of atoms that become a bead each. */
const beadChoiceSchema = z.strictObject({
  beads: z.string().max(10_000),
  groups: z.array(z.string().max(10_000)).max(10_000),
});

/** What a window remembers of how it looked: the host stores it and knows nothing of it. */
const viewSchema = z.record(z.string(), z.json());

const projectSchema = z.object({
  name: z.string(),
  /** Where it lies, for people. */
  folder: z.string(),
  /** Whether it is a copy of a sample that comes with the product. */
  isSample: z.boolean(),
  draft: draftSchema,
  view: viewSchema,
  files: z.array(fileSchema.extend({ missing: z.boolean() })),
});

/** An invalid setting, by its path in the draft: ["experts", 0, "alpha"]. */
const faultSchema = z.object({ path: z.array(z.union([z.string(), z.int()])), message: sentence });

const progressSchema = z.object({
  name: z.string(),
  done: z.number(),
  total: z.number(),
  unit: z.string(),
  note: z.string().optional(),
  /** Units per second. */
  rate: z.number().optional(),
  /** Seconds to the end. */
  remaining: z.number().optional(),
});

export const jobKinds = ['run', 'train', 'sample', 'simulate', 'evaluate', 'export'] as const;
export const jobStates = ['waiting', 'running', 'pausing', 'paused', 'done', 'failed', 'cancelled'] as const;

export const jobSchema = z.object({
  id: jobId,
  kind: z.enum(jobKinds),
  title: z.string(),
  run: runId.optional(),
  state: z.enum(jobStates),
  /** What it is doing; several where several networks train at once. */
  tasks: z.array(progressSchema),
  /** Why it failed, or what it has to say at its end. */
  message: sentence.optional(),
  /** It failed for lack of a GPU: it can be resumed on the CPU. */
  lacksDevice: z.boolean().optional(),
  /** Sentences said on the way. */
  notices: z.array(sentence),
  /** ISO 8601. */
  created: z.string(),
});

const metricsRowSchema = z.object({ pmf: z.number(), js: z.number(), bonds: z.number().optional() });
export const metricsSchema = z.object({
  iid: metricsRowSchema.optional(),
  sim: metricsRowSchema.optional(),
  consistency: metricsRowSchema.optional(),
  floor: metricsRowSchema.optional(),
  /** Beside the noise floor at equal count; older versions wrote none. */
  quality: qualitySchema.optional().catch(undefined),
});

/** Of a simulation: how many independent draws its frames are worth, in all and for each collective variable. */
export const effectiveSampleSizeSchema = z.object({
  size: z.number(),
  frames: z.number(),
  variables: z.array(z.object({ label: z.string(), size: z.number(), framesPerDraw: z.number() })),
});

const runSummarySchema = z.object({
  id: runId,
  name: z.string(),
  /** ISO 8601. */
  created: z.string(),
  finished: z.boolean(),
  /** Name of its method. */
  method: z.string().optional(),
  /** What its method can do with a trained model, beside drawing samples. */
  can: z.object({ simulate: z.boolean(), residual: z.boolean() }),
  /** What is there of it. */
  has: z.object({ model: z.boolean(), samples: z.boolean(), simulation: z.boolean(), metrics: z.boolean() }),
  /** Work that was interrupted and can go on: what a job of this kind would continue. */
  interrupted: z.enum(jobKinds).optional(),
  /** A folder that cannot be read as a run says why. */
  problem: sentence.optional(),
  metrics: metricsSchema.optional(),
  /** Of a run whose settings the automatic method chose, once trained: how long that took, s. */
  automaticSeconds: z.number().optional(),
});

/** Means of the loss terms by name, over the steps since the point before. */
const trainingPointSchema = z.object({ network: count, step: count, terms: z.record(z.string(), z.number()) });

/** What one training consists of: a network, and how the terms of its loss are shown. */
const networkSchema = z.object({
  title: z.string(),
  facts: z.array(z.string()),
  steps: count,
  batch: count,
  terms: z.array(
    z.object({
      name: z.string(),
      title: z.string(),
      short: z.string(),
      axis: z.string(),
      /** Terms of one chart are its curves, each under its own name. */
      together: z.object({ chart: z.string(), curve: z.string() }).optional(),
      /** The first step that has it. */
      from: count,
    }),
  ),
  /** Work of a step, from a step on. */
  phases: z.array(z.object({ from: count, work: z.number() })),
});
export const residualSchema = z.object({
  t: z.array(z.number()),
  meanAbsR: z.array(z.number()),
  /** Over x, without what depends on t only; older evaluations stored none. */
  spread: z.array(z.number()).optional(),
});

const runDetailSchema = runSummarySchema.extend({
  /** Every setting with its value (core/specification/settings.ts), files by their names. */
  specification: z.record(z.string(), z.json()),
  engine: z.string().optional(),
  versions: z.record(z.string(), z.string()),
  /** Wall time of each part, s. */
  seconds: z.record(z.string(), z.number()),
  /** Of its sampler, once there are samples. */
  samplesPerSecond: z.number().optional(),
  networks: z.array(networkSchema),
  /** Diffusion times at which one network hands over to the next. */
  boundaries: z.array(z.number()),
  training: z.array(trainingPointSchema),
  /** On held-out frames. */
  validation: z.array(trainingPointSchema),
  /** When the last checkpoint was written, ISO 8601. */
  checkpoint: z.string().optional(),
  residual: residualSchema.optional(),
  /** Of a run whose settings the automatic method chose: what it chose, and how its rounds of training went. */
  choice: recordedChoiceSchema.optional(),
  /** The same as a command line. */
  command: z.string(),
});

const axisSchema = z.object({
  label: z.string(),
  unit: z.string().optional(),
  limits: z.tuple([z.number(), z.number()]),
  periodic: z.boolean(),
});

/**
 * Free energy over the plane, kT, its lowest value 0; NaN where nothing was seen. The second axis runs fastest: the bin
 * (x, y) is at x · bins[1] + y. Counts of a stream lie in the same order.
 */
const surfaceSchema = z.object({ bins: z.tuple([count, count]), energy: floats });
const profileSchema = z.object({
  axis: count,
  x: z.array(z.number()),
  /** kT, its lowest value 0; NaN where nothing was seen. */
  energy: floats,
  /** Half width of the error bar; NaN where it is not known. */
  error: floats,
});

/** What belongs to a run: conformations it learned from, drew, or simulated. */
/** Samples that come with the product: folders of `resources/`. */
export const sampleNames = ['alanine-dipeptide', 'ethanol'] as const;
export type SampleName = (typeof sampleNames)[number];

export const sets = ['reference', 'samples', 'simulation'] as const;
const setName = z.enum(sets);

const distributionSchema = z.object({
  set: setName,
  count,
  surface: surfaceSchema.optional(),
  profiles: z.array(profileSchema),
  /** One curve for each bond: density over length, 1/nm over nm. */
  bonds: z.array(z.object({ name: z.string(), x: z.array(z.number()), density: z.array(z.number()) })),
  /** Fraction of conformations in which two beads touch, beads × beads. */
  contacts: floats.optional(),
});

const resultsSchema = z.object({
  run: runId,
  axes: z.array(axisSchema).min(1).max(2),
  beads: count,
  distributions: z.array(distributionSchema),
  metrics: metricsSchema.optional(),
  residual: residualSchema.optional(),
  effectiveSampleSize: effectiveSampleSizeSchema.optional(),
  /** Fraction of the torsion moves of the simulation that were accepted. */
  torsionAcceptance: z.number().optional(),
  /** Why something that should be there is not: files that are gone, or damaged. */
  problems: z.array(sentence),
});

/** A molecule to be drawn: a PDB of its atoms or beads (with CONECT), and the first conformation, nm. */
const structureSchema = z.object({
  pdb: z.string(),
  atoms: count,
  /** Indices of bonded atoms, pairs one after the other. */
  bonds: z.instanceof(Uint32Array),
  /** Beads have no chemistry that a drawing could go by. */
  coarse: z.boolean(),
});

const conformationsSchema = z.object({
  structure: structureSchema,
  /** Where each of them was found: the number of its frame, and its replica in a simulation. */
  frames: z.array(z.object({ frame: count, replica: count.optional(), at: point.optional() })),
  /** Conformations × atoms × 3, nm, superposed on the first. */
  positions: floats,
  /** How many there are to choose from. */
  found: count,
});

const networkEstimateSchema = z.object({
  network: count,
  parameters: count,
  /** Measured here, with this network and batch. */
  secondsPerStep: z.number(),
  seconds: z.number(),
  bytes: count,
});

const place = z.union([
  /** About this point of the plane. */
  z.strictObject({ at: point, count: z.int().min(1).max(200) }),
  /** Inside this outline; the medoid comes first. */
  z.strictObject({ outline: z.array(point).min(3).max(2000), count: z.int().min(1).max(200) }),
]);

export const exportSchema = z.discriminatedUnion('what', [
  z.strictObject({
    what: z.literal('trajectory'),
    run: runId,
    set: setName,
    format: z.enum(['xtc', 'dcd', 'pdb', 'trr', 'xyz']),
    stride: z.int().min(1).max(1_000_000).default(1),
  }),
  z.strictObject({
    what: z.literal('structures'),
    run: runId,
    set: setName,
    frames: z
      .array(z.strictObject({ frame: count, replica: count.optional() }))
      .min(1)
      .max(10_000),
  }),
  z.strictObject({ what: z.literal('figures'), run: runId }),
  z.strictObject({ what: z.literal('report'), run: runId }),
  z.strictObject({ what: z.literal('record'), run: runId }),
]);

const nothing = z.strictObject({});

// ---------------------------------------------------------------- requests

/** The window asks, the host answers once: with a result, or with a sentence that says why not. */
export const requests = {
  /** The first words: what the host is and what it can do. */
  hello: {
    body: nothing,
    result: z.object({
      version: z.string(),
      /** How files come in: dialogs and drops of a desktop, or bytes that a browser sends. */
      shell: z.enum(['desktop', 'browser']),
      engines: z.array(
        z.object({
          name: z.string(),
          available: z.boolean(),
          device: z.string().optional(),
          threads: count.optional(),
          reason: z.string().optional(),
        }),
      ),
      /** The table of all settings, core/specification/settings.ts. */
      settings: z.record(z.string(), z.json()),
      /** Every method by its name, with the settings that only it has; those in `settings` are of the first. */
      methods: z.record(z.string(), z.object({ title: z.string(), settings: z.record(z.string(), z.json()) })),
      beadPresets: z.array(z.object({ name: z.string(), title: z.string(), help: z.string() })),
      expertPresets: z.array(
        z.object({
          name: z.string(),
          title: z.string(),
          help: z.string(),
          /** What a new project of such a system begins with. */
          isUsual: z.boolean(),
          experts: z.array(z.record(z.string(), z.json())),
        }),
      ),
      /** One-step generators that can be chosen by name. */
      generatorPresets: z.array(
        z.object({
          name: z.string(),
          title: z.string(),
          help: z.string(),
          serves: z.enum(['toy', 'molecule']),
          generator: z.record(z.string(), z.json()),
        }),
      ),
      recent: z.array(z.object({ folder: fileId, name: z.string(), path: z.string() })),
      project: projectSchema.nullable(),
    }),
  },

  'project.create': {
    body: z.strictObject({ folder: fileId.optional(), name: z.string().trim().min(1).max(120) }),
    result: projectSchema,
  },
  'project.open': { body: z.strictObject({ folder: fileId }), result: projectSchema },
  /** A copy of a sample that comes with the product. */
  'project.sample': {
    body: z.strictObject({ sample: z.enum(sampleNames).default('alanine-dipeptide') }),
    result: projectSchema,
  },
  'project.close': { body: nothing, result: nothing },
  /** Stores what a person has set; the file is written soon after, whole. */
  'project.save': {
    body: z.strictObject({
      draft: draftSchema.optional(),
      view: viewSchema.optional(),
      name: z.string().trim().min(1).max(120).optional(),
    }),
    result: nothing,
  },

  'draft.check': {
    body: z.strictObject({ draft: draftSchema }),
    result: z.object({ faults: z.array(faultSchema), specification: z.record(z.string(), z.json()).optional() }),
  },
  /** What the automatic method would choose for the data of a draft that leaves the choice to it; files' headers are read. */
  'draft.choose': {
    body: z.strictObject({ draft: draftSchema }),
    result: z.object({
      sentence,
      /** What it would set, as a part of a draft; `experts` with all their settings. */
      settings: draftSchema.and(z.object({ experts: z.array(z.record(z.string(), z.json())).min(1) })),
    }),
  },
  /** A short measured step of each network; of those that would be chosen, where the draft leaves that open. */
  'draft.estimate': {
    body: z.strictObject({ draft: draftSchema }),
    result: z.object({ networks: z.array(networkEstimateSchema), threads: count }),
  },
  /** The draft as a YAML file and the command that runs it. */
  'draft.command': {
    body: z.strictObject({ draft: draftSchema }),
    result: z.object({ specification: z.string(), command: z.string() }),
  },

  'files.inspect': {
    body: z.strictObject({ files: z.array(fileId).min(1).max(1000) }),
    result: z.object({
      inspections: z.array(z.union([inspectionSchema, z.object({ file: fileSchema, problem: sentence })])),
    }),
  },
  /** Which trajectory belongs to which structure; what is not certain is a question. */
  'files.pair': {
    body: z.strictObject({ files: z.array(fileId).min(1).max(1000) }),
    result: z.object({
      sources: z.array(sourceSchema),
      questions: z.array(z.object({ trajectory: fileId, message: sentence, candidates: z.array(fileId) })),
      refused: z.array(z.object({ file: fileId, message: sentence })),
    }),
  },

  'data.structure': {
    body: z.strictObject({ source: sourceSchema }),
    result: structureSchema.extend({
      frames: count,
      times: z.object({ first: z.number(), step: z.number() }).nullable(),
    }),
  },
  /** One frame, made whole across its periodic cell. `frame` counts through all trajectories of the source. */
  'data.frame': {
    /** Of all atoms, or of the beads that these would be. */
    body: z.strictObject({ source: sourceSchema, frame: count, of: beadChoiceSchema.optional() }),
    result: z.object({ positions: floats, time: z.number().nullable(), trajectory: count }),
  },
  'data.select': {
    body: z.strictObject({ source: sourceSchema, selection: z.string().max(10_000) }),
    result: z.object({ atoms: count, of: count, indices: z.instanceof(Uint32Array) }),
  },
  'data.beads': {
    body: beadChoiceSchema.extend({ source: sourceSchema }),
    result: z.object({
      structure: structureSchema,
      beads: z.array(
        z.object({
          name: z.string(),
          residue: z.string(),
          number: z.int(),
          chain: z.string(),
          mass: z.number(),
          atoms: z.array(count),
        }),
      ),
      /** Of the first frame. */
      positions: floats,
    }),
  },
  /** The free energy of the data in the plane that the draft asks for. */
  'data.surface': {
    body: z.strictObject({ draft: draftSchema }),
    result: z.object({
      axes: z.array(axisSchema).min(1).max(2),
      distribution: distributionSchema,
      /** As the weights of the data make them count, how many of equal weight they are worth, and whether that is too few. */
      weighed: z.object({ distribution: distributionSchema, effective: z.number(), isFew: z.boolean() }).optional(),
      /** Why they cannot be weighed. */
      problem: sentence.optional(),
    }),
  },

  'jobs.list': { body: nothing, result: z.object({ jobs: z.array(jobSchema) }) },
  'jobs.add': {
    body: z.discriminatedUnion('kind', [
      /** A new run from the draft: all of it, or its training alone. */
      z.strictObject({ kind: z.enum(['run', 'train']), draft: draftSchema }),
      /** A run that the automatic method has trained, once more: the same data, as good as they allow. */
      z.strictObject({ kind: z.literal('again'), run: runId }),
      /** A part of a run, anew where `settings` are not those that it was made with. */
      z.strictObject({ kind: z.enum(['sample', 'simulate']), run: runId, settings: z.record(z.string(), z.json()) }),
      z.strictObject({ kind: z.literal('evaluate'), run: runId }),
      /** What was interrupted in a run goes on. */
      z.strictObject({ kind: z.literal('resume'), run: runId }),
      z.strictObject({ kind: z.literal('export'), export: exportSchema, target: fileId.optional() }),
    ]),
    result: z.object({ job: jobId, run: runId.optional() }),
  },
  'jobs.pause': { body: z.strictObject({ job: jobId }), result: nothing },
  /** With an engine: on that one instead of the run's own. */
  'jobs.resume': { body: z.strictObject({ job: jobId, engine: z.literal('wasm').optional() }), result: nothing },
  /** Stops at the next safe place; what is stored stays. */
  'jobs.cancel': { body: z.strictObject({ job: jobId }), result: nothing },
  /** Takes a job that is over out of the list. */
  'jobs.dismiss': { body: z.strictObject({ job: jobId }), result: nothing },
  /** All waiting jobs in their new order. */
  'jobs.reorder': { body: z.strictObject({ jobs: z.array(jobId).max(1000) }), result: nothing },

  'runs.list': { body: nothing, result: z.object({ runs: z.array(runSummarySchema) }) },
  'runs.read': { body: z.strictObject({ run: runId }), result: runDetailSchema },
  /** What a run was trained on, as a draft that says nothing of how: its name and its system, files by their ids. */
  'runs.draft': {
    body: z.strictObject({ run: runId }),
    result: z.object({ draft: draftSchema, files: z.array(fileSchema) }),
  },
  'runs.rename': { body: z.strictObject({ run: runId, name: z.string().trim().min(1).max(120) }), result: nothing },
  /** Into the project's folder `removed/`, from where a person can take it back. */
  'runs.remove': { body: z.strictObject({ run: runId }), result: nothing },
  'runs.results': { body: z.strictObject({ run: runId }), result: resultsSchema },

  /** Conformations of a set that lie at a place of the plane. */
  'structures.find': { body: z.strictObject({ run: runId, set: setName, place }), result: conformationsSchema },
  /** One conformation. */
  'structures.frame': {
    body: z.strictObject({ run: runId, set: setName, frame: count, replica: count.optional() }),
    result: z.object({ positions: floats, time: z.number().nullable(), at: point.nullable() }),
  },
  /** What is to be drawn, and how many frames a set has. */
  'structures.open': {
    body: z.strictObject({ run: runId, set: setName }),
    result: z.object({ structure: structureSchema, frames: count, replicas: count, timeStep: z.number().nullable() }),
  },

  /** Where exported files lie, ready to be fetched or shown. */
  'exports.list': { body: nothing, result: z.object({ files: z.array(fileSchema.extend({ job: jobId })) }) },

  'stream.open': {
    body: z.discriminatedUnion('kind', [
      /** The simulation that a job makes, seen through one replica. */
      z.strictObject({ kind: z.literal('simulation'), job: jobId, replica: count }),
      /** Samples as they are drawn. */
      z.strictObject({ kind: z.literal('samples'), job: jobId }),
    ]),
    result: z.object({ stream: streamId, structure: structureSchema.nullable(), axes: z.array(axisSchema) }),
  },
  'stream.close': { body: z.strictObject({ stream: streamId }), result: nothing },
} as const satisfies Record<string, { body: z.ZodType; result: z.ZodType }>;

// ---------------------------------------------------------------- events

/** The host tells every window. */
export const events = {
  'jobs.changed': z.object({ jobs: z.array(jobSchema) }),
  'runs.changed': z.object({ runs: z.array(runSummarySchema) }),
  'project.changed': z.object({ project: projectSchema.nullable() }),
  /** New points of the loss curves, not smoothed. */
  'training.points': z.object({ run: runId, points: z.array(trainingPointSchema) }),
  /** The residual as it stands, while a network with an energy trains. */
  'training.residual': z.object({ run: runId, residual: residualSchema }),
  /** What the host reads for requests that it has not answered yet, where that takes a while; none when all is read. */
  'reading.progress': z.object({ tasks: z.array(progressSchema) }),
  /** Something a person should know, beside any request. */
  notice: z.object({ message: sentence, kind: z.enum(['information', 'trouble']) }),
  /** A person has handed files over: dropped, opened, sent. */
  'files.granted': z.object({ files: z.array(fileSchema) }),
} as const satisfies Record<string, z.ZodType>;

// ---------------------------------------------------------------- streams

/** Frames for the eye. The window grants credit; the host drops what there is no credit for, and stores all the same. */
export const streams = {
  simulation: z.object({
    step: count,
    /** ps. */
    time: z.number(),
    /** Of one replica, nm. */
    positions: floats,
    /** Where that replica is in the plane. */
    at: z.array(z.number()),
    /** Whether this replica has diverged and stays at its last finite position, and how many have; only if any has. */
    stopped: z.object({ own: z.boolean(), all: count }).optional(),
    /** kT; absent where it was not computed for this frame. */
    potentialEnergy: z.number().optional(),
    /** K, or kT for a toy: from the velocities of all replicas. */
    temperature: z.number().optional(),
    /** Counts of all replicas over the plane so far; comes with some frames only. */
    counts: z.object({ bins: z.tuple([count, count]), values: floats, total: count }).optional(),
    /** Of frames made since the one before that were not shown. */
    dropped: count,
  }),
  samples: z.object({
    done: count,
    /** A few of those that were drawn last, nm. */
    positions: floats,
    counts: z.object({ bins: z.tuple([count, count]), values: floats, total: count }).optional(),
    dropped: count,
  }),
} as const satisfies Record<string, z.ZodType>;

// ---------------------------------------------------------------- messages

export type RequestName = keyof typeof requests;
export type RequestBody<N extends RequestName> = z.input<(typeof requests)[N]['body']>;
export type CheckedBody<N extends RequestName> = z.output<(typeof requests)[N]['body']>;
export type Result<N extends RequestName> = z.output<(typeof requests)[N]['result']>;
export type EventName = keyof typeof events;
export type EventBody<N extends EventName> = z.output<(typeof events)[N]>;
export type StreamKind = keyof typeof streams;
export type StreamFrame<K extends StreamKind> = z.output<(typeof streams)[K]>;

/** From the window. */
export const fromWindow = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('request'), id: z.int().min(0), name: z.string().max(60), body: z.unknown() }),
  /** So many more frames may come. */
  z.strictObject({ type: z.literal('credit'), stream: streamId, frames: z.int().min(1).max(10_000) }),
]);
export type FromWindow = z.output<typeof fromWindow>;

/** From the host. */
export type FromHost =
  | { readonly type: 'response'; readonly id: number; readonly result: unknown }
  | { readonly type: 'failure'; readonly id: number; readonly message: string }
  | { readonly type: 'event'; readonly name: EventName; readonly body: unknown }
  /** Some that follow one another, to be shown evenly in so many seconds. */
  | { readonly type: 'frames'; readonly stream: string; readonly frames: readonly unknown[]; readonly seconds: number }
  /** No more frames: the job is over, or stopped. */
  | { readonly type: 'end'; readonly stream: string };

/** A way for messages between a window and a host; arrays of numbers travel as they are. */
export interface Channel {
  send(message: unknown): void;
  /** One listener; what comes before there is one waits. */
  onMessage(listener: (message: unknown) => void): void;
  onClose(listener: () => void): void;
  close(): void;
}

export type FileEntry = z.output<typeof fileSchema>;
export type Inspection = z.output<typeof inspectionSchema>;
export type Source = z.output<typeof sourceSchema>;
export type Draft = z.output<typeof draftSchema>;
export type View = z.output<typeof viewSchema>;
export type Project = z.output<typeof projectSchema>;
export type Fault = z.output<typeof faultSchema>;
export type TaskProgress = z.output<typeof progressSchema>;
export type Job = z.output<typeof jobSchema>;
export type JobKind = Job['kind'];
export type MetricsRow = z.output<typeof metricsRowSchema>;
export type Metrics = z.output<typeof metricsSchema>;
export type RunSummary = z.output<typeof runSummarySchema>;
export type RunDetail = z.output<typeof runDetailSchema>;
export type TrainingChoice = NonNullable<RunDetail['choice']>;
export type TrainingPoint = z.output<typeof trainingPointSchema>;
export type Residual = z.output<typeof residualSchema>;
export type SimulationDraws = z.output<typeof effectiveSampleSizeSchema>;
export type Axis = z.output<typeof axisSchema>;
export type Surface = z.output<typeof surfaceSchema>;
export type Profile = z.output<typeof profileSchema>;
export type SetName = z.output<typeof setName>;
export type Distribution = z.output<typeof distributionSchema>;
export type Results = z.output<typeof resultsSchema>;
export type Structure = z.output<typeof structureSchema>;
export type Conformations = z.output<typeof conformationsSchema>;
export type NetworkEstimate = z.output<typeof networkEstimateSchema>;
export type TrainedNetworkFacts = z.output<typeof networkSchema>;
export type Place = z.input<typeof place>;
export type Export = z.input<typeof exportSchema>;
