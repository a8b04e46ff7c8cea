/**
 * What a developer does to add a network, a loss term, a method, a format, a command: a new file, from the text beside
 * this one, and entries in tables, each as an editor would insert it.
 */

/** Where the file has it several times, the first counts. */
export type Insertion = { readonly file: string } & (
  | {
      /** A line, without its indentation. */
      readonly below: string;
      readonly line: string;
    }
  | {
      /** A part of a line. */
      readonly after: string;
      readonly text: string;
    }
);

export interface Extension {
  readonly what: string;
  /** Path in the project → name of the text. */
  readonly files: Readonly<Record<string, string>>;
  readonly lines: readonly Insertion[];
}

const at = (file: string, below: string, line: string): Insertion => ({ file, below, line });

const NETWORKS = 'core/models/networks.ts';
const TERMS = 'core/diffusion/loss-terms.ts';
const LABELS = 'core/methods/loss-labels.ts';
const METHODS = 'core/methods/methods.ts';
const FORMATS = 'core/formats/molecule-formats.ts';
const labelsBegin = 'const labels: Readonly<Record<string, LossLabel>> = {';

export const extensions = {
  network: {
    what: 'a network',
    files: { 'core/models/radial.ts': 'radial.ts.txt' },
    lines: [
      at(
        NETWORKS,
        "import type { ConfigurationSize, Network, SystemClass } from './network.ts';",
        "import { radial } from './radial.ts';",
      ),
      at(NETWORKS, "'graph-transformer': graphTransformer,", 'radial,'),
    ],
  },
  lossTerm: {
    what: 'a loss term',
    files: { 'core/diffusion/terms/force-scores.ts': 'force-scores.ts.txt' },
    lines: [
      at(
        TERMS,
        "import { fokkerPlanck } from './terms/fokker-planck.ts';",
        "import { forceScores } from './terms/force-scores.ts';",
      ),
      at(TERMS, 'fokkerPlanck,', 'forceScores,'),
      at(
        LABELS,
        labelsBegin,
        "forceScores: { title: 'Force matching', short: 'forces', axis: '(F / kT)²', weightedAxis: 'force loss', symbol: 'λ' },",
      ),
    ],
  },
  method: {
    what: 'a method',
    files: { 'core/methods/one-step.ts': 'one-step.ts.txt' },
    lines: [
      at(METHODS, "import type { Method } from './method.ts';", "import { oneStep } from './one-step.ts';"),
      at(METHODS, 'diffusion,', "'one-step': oneStep,"),
      at(
        LABELS,
        labelsBegin,
        "energyDistance: { title: 'Energy distance', short: 'energy distance', axis: 'loss', weightedAxis: 'energy distance' },",
      ),
    ],
  },
  format: {
    what: 'a format',
    files: { 'core/formats/frames-of-text.ts': 'frames-of-text.ts.txt' },
    lines: [
      at(
        FORMATS,
        'export const moleculeFormats: readonly MoleculeFormat[] = [',
        `  {
    name: 'Frames of text',
    extensions: ['frames'],
    openTrajectory: async (...given) => (await import('./frames-of-text.ts')).openFramesOfText(...given),
    writer: async () => (await import('./frames-of-text.ts')).framesOfTextWriter(),
  },`,
      ),
      // The dialog for files of the desktop, whose process has no readers.
      { file: 'electron/questions.ts', after: 'const trajectories = [', text: "'frames', " },
    ],
  },
  command: {
    what: 'a command',
    files: { 'core/cli/commands/loss.ts': 'loss.ts.txt' },
    lines: [
      at(
        'core/cli/options.ts',
        'export const declarations = {',
        `  loss: {
    summary: 'print the last loss of each network of a run',
    positionals: [RUN],
    options: { digits: { type: 'whole', value: 'N', min: 1, max: 16, default: 4, help: 'Significant digits.' }, json },
  },`,
      ),
      at(
        'core/cli/commands.ts',
        "command('info', () => import('./commands/info.ts')),",
        "command('loss', () => import('./commands/loss.ts')),",
      ),
    ],
  },
} as const satisfies Record<string, Extension>;
