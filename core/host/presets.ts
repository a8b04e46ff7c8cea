/**
 * What a person can choose by name: beads, experts over diffusion time, and one-step generators. Which there are, and what they are made of,
 * is said elsewhere (systems/beads/presets.ts, resources/specs); here they get words.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { parseSpecification } from '../specification/specification.ts';
import { fileError } from '../storage/file-errors.ts';
import { beadPresets } from '../systems/beads.ts';
import type { Result } from './contract.ts';

type Hello = Result<'hello'>;

const beadWords: Readonly<Record<string, { title: string; help: string }>> = {
  ca: { title: 'Cα', help: 'One bead for each amino acid, at its Cα: the usual choice for a protein.' },
  backbone: { title: 'Backbone', help: 'N, Cα, C and O of each amino acid.' },
  heavy: { title: 'Heavy atoms', help: 'Every atom but hydrogen.' },
  all: { title: 'All atoms', help: 'A bead for every atom, hydrogens too.' },
  'alanine-dipeptide-5': { title: 'Alanine dipeptide, 5 beads', help: 'C N Cα C N: the chain that carries φ and ψ.' },
  'alanine-dipeptide-6': {
    title: 'Alanine dipeptide, 6 beads',
    help: 'The five of the chain, and Cβ, which determines chirality.',
  },
  'alanine-dipeptide-10': { title: 'Alanine dipeptide, 10 beads', help: 'All its heavy atoms.' },
  'alanine-dipeptide-22': { title: 'Alanine dipeptide, 22 beads', help: 'All its atoms.' },
  dipeptide: { title: 'Dipeptide', help: 'N, Cα, Cβ, C and O of both amino acids: one model for many dipeptides.' },
};

/** In the order of the words; one that has none yet goes by its name. */
export const describedBeads: Hello['beadPresets'] = [
  ...Object.entries(beadWords).flatMap(([name, words]) => (beadPresets.includes(name) ? [{ name, ...words }] : [])),
  ...beadPresets.filter((name) => !Object.hasOwn(beadWords, name)).map((name) => ({ name, title: name, help: '' })),
];

const systems = [
  { file: 'aldp', of: '' },
  { file: 'mueller-brown', of: 'Toy: ' },
] as const;
const models = [
  {
    file: 'plain',
    title: 'One energy',
    help: 'One network for all diffusion times, its force the derivative of an energy.',
  },
  {
    file: 'experts',
    title: 'Time experts',
    help: 'Separate networks for small, medium and large diffusion times; the first is an energy.',
  },
  {
    file: 'fp',
    title: 'One energy, Fokker–Planck',
    help: 'One energy with Fokker–Planck regularisation, so that samples and simulation agree.',
  },
  {
    file: 'both',
    title: 'Time experts, Fokker–Planck',
    help: 'Time experts with Fokker–Planck regularisation of the energy at small times: the recommended choice of the published models.',
  },
] as const;
const USUAL = { model: 'both', budget: '-quick' };
const budgets = [
  { file: '-quick', title: 'quick', help: 'A small network; minutes on two cores.' },
  { file: '-hour', title: 'an hour', help: 'The published network; about an hour on two cores.' },
  { file: '', title: 'published', help: 'The published network and budget, for a machine with many cores.' },
] as const;

/** `specs`: the folder of the reference experiments. */
export async function readExpertPresets(specs: string): Promise<Hello['expertPresets']> {
  const wanted = systems.flatMap((system) =>
    models.flatMap((model) => budgets.map((budget) => ({ system, model, budget }))),
  );
  const found = wanted.map(async ({ system, model, budget }) => {
    const name = `${system.file}-${model.file}${budget.file}`;
    const experts = (await writtenIn(join(specs, `${name}.yaml`)))?.experts;
    const title = `${system.of}${model.title} · ${budget.title}`;
    const isUsual = model.file === USUAL.model && budget.file === USUAL.budget;
    return experts ? [{ name, title, help: `${model.help} ${budget.help}`, isUsual, experts }] : [];
  });
  return (await Promise.all(found)).flat();
}

/** One-step generators, by the experiments that have them; the first of a class of systems is the plainest. */
const generators = [
  {
    file: 'mueller-brown-drift',
    title: '3,000 steps',
    help: 'Learns the distribution of its data as it is; less than a minute on two cores.',
    serves: 'toy',
  },
  {
    file: 'ethanol-drift',
    title: 'Langevin step',
    help: 'Learns from frames that have taken a small step with their forces, which widens bonds that are too narrow.',
    serves: 'molecule',
  },
  {
    file: 'ethanol-fk',
    title: 'FK',
    help: 'Forces tilt the weights of the frames, so that what is made stays a mean of frames.',
    serves: 'molecule',
  },
  {
    file: 'ethanol-fi',
    title: 'FI',
    help: 'Forces are added to the directions: only where all bandwidths are far below the width of the basins.',
    serves: 'molecule',
  },
] as const;

/** `specs`: the folder of the reference experiments. */
export async function readGeneratorPresets(specs: string): Promise<Hello['generatorPresets']> {
  const found = generators.map(async ({ file, title, help, serves }) => {
    const generator = (await writtenIn(join(specs, `${file}.yaml`)))?.generator;
    return generator ? [{ name: file, title: `One-step generator · ${title}`, help, serves, generator }] : [];
  });
  return (await Promise.all(found)).flat();
}

/** As they are written there, without defaults; undefined where there is no such experiment. */
async function writtenIn(path: string) {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw fileError(error, path);
  });
  if (text === undefined) return undefined;
  parseSpecification(text, path);
  return parse(text) as {
    readonly experts?: Hello['expertPresets'][number]['experts'];
    readonly generator?: Hello['generatorPresets'][number]['generator'];
  };
}
