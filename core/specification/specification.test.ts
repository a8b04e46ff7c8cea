import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { isInBounds } from '../setting.ts';
import { toySystems } from '../systems/toys/toy-systems.ts';
import { settingRows } from './setting-reference.ts';
import { type Specification, settings } from './settings.ts';
import { checkSpecification, parseSpecification, validateSpecification } from './specification.ts';

const parse = (text: string) => parseSpecification(text, 'spec.yaml');
const sentenceOf = (text: string): string => {
  try {
    parse(text);
  } catch (error) {
    expect(error).toBeInstanceOf(ErgodicError);
    return (error as Error).message.replace(/^`spec\.yaml`: /, '');
  }
  return 'accepted';
};

const expertsOf = (specification: Specification) => {
  if (specification.method !== 'diffusion') throw new Error('Not a specification of experts.');
  return specification.experts;
};

test('an empty specification is the plain model with every default written out', () => {
  const specification = parse('{}');
  expect(expertsOf(specification)).toEqual([
    {
      range: [0, 1],
      network: { kind: 'mlp', widths: [92, 92, 92] },
      conservative: true,
      alpha: 0,
      alphaFrom: 0,
      residual: 'exact',
      gauge: 'fitted',
      probes: 2,
      denoising: 1,
      forces: 0,
      contrast: 0,
      contrastCopies: 3,
      times: 'uniform',
      varianceFloor: 3e-3,
      weightMidpoint: 0.5,
      steps: 140_580,
      rounds: 1,
      batch: 128,
      learningRate: [3e-4, 1e-5],
      weightDecay: 1e-4,
      clip: 1000,
      clipLength: 3,
      ema: 0.995,
      emaWarmup: false,
      squareDecay: 0.999,
    },
  ]);
  expect(specification.simulate).toMatchObject({ timeStep: 5e-3, stride: 50, friction: 1 });
  const leaves = (value: unknown): unknown[] =>
    typeof value === 'object' && value !== null ? Object.values(value).flatMap(leaves) : [value];
  const { system, ...rest } = specification;
  expect(system).toMatchObject({ data: null });
  expect(leaves(rest).filter((leaf) => leaf === null || leaf === undefined)).toEqual([]);
});

test('a checked specification is accepted again, unchanged, through JSON', () => {
  const specification = parse('experts: [{ range: [0, 0.1] }, { range: [0.1, 0.6] }, { range: [0.6, 1] }]');
  expect(expertsOf(specification).map((expert) => expert.weightMidpoint)).toEqual([0.05, 0.35, 0.8]);
  const again: Specification = validateSpecification(JSON.parse(JSON.stringify(specification)), 'run.json');
  expect(again).toEqual(specification);
  expect(JSON.stringify(again)).toBe(JSON.stringify(specification));
});

test('what depends on the system follows the system', () => {
  for (const { name, timeStep, strideSteps, samples } of toySystems) {
    const specification = parse(`system: { kind: ${name} }`);
    expect(specification.system).toMatchObject({ samples });
    expect(specification.simulate).toMatchObject({ timeStep, stride: strideSteps });
  }
  const kinds = Object.keys(settings.system.of).toSorted();
  expect(kinds).toEqual(['molecule', ...toySystems.map(({ name }) => name)].toSorted());
});

test('the defaults in the table obey the table', () => {
  for (const { key, setting } of settingRows()) {
    if (!('min' in setting) || setting.default === null) continue;
    for (const value of [setting.default].flat()) expect(isInBounds(value, setting), key).toBe(true);
  }
});

test.each([
  ['experts: [{ alpha: -1 }]', '`experts[0].alpha` is -1; it must be a number from 0 to 10.'],
  ['experts: [{ alpha: .nan }]', '`experts[0].alpha` is NaN; it must be a number from 0 to 10.'],
  ['experts: [{ alpha: .inf }]', '`experts[0].alpha` is Infinity; it must be a number from 0 to 10.'],
  ['experts: [{ alpha: "1e-3" }]', '`experts[0].alpha` is "1e-3"; it must be a number from 0 to 10.'],
  ['experts: [{ alpha: }]', '`experts[0].alpha` is empty; it must be a number from 0 to 10.'],
  [
    'sample: { steps: 1 }\nexperts: [{ range: [0, 0.5] }, { range: [0.5, 1] }]',
    '`sample.steps` is 1; it must be at least the number of experts, 2.',
  ],
  [
    'simulate: { replicas: 100000, steps: 100000, stride: 10 }',
    'the frames of the simulation would take 8.0 GB, more than the 2.1 GB that can be evaluated: use a larger `simulate.stride`, fewer `simulate.replicas` or fewer `simulate.steps`.',
  ],
  ['experts: []', '`experts` is an empty list; it must be a list of 1 to 16 entries.'],
  ['experts: 3', '`experts` is 3; it must be a list of 1 to 16 entries.'],
  ['experts: [{ alhpa: 0.1 }]', '`experts[0].alhpa` is not a setting; did you mean `alpha`?'],
  ['simulte: {}', '`simulte` is not a setting; did you mean `simulate`?'],
  ['sample: { stpes: 3 }', '`sample.stpes` is not a setting; did you mean `steps`?'],
  [
    'system: 5',
    '`system` is 5; it must be a group with a `kind`, one of mueller-brown, double-well-1d, double-well-2d, molecule.',
  ],
  [
    'system:',
    '`system` is empty; it must be a group with a `kind`, one of mueller-brown, double-well-1d, double-well-2d, molecule.',
  ],
  [
    'system: { kind: argon }',
    '`system.kind` is "argon"; it must be one of mueller-brown, double-well-1d, double-well-2d, molecule.',
  ],
  ['seed: 1.5', '`seed` is 1.5; it must be a whole number from 0 to 4294967295.'],
  ['simulate: { timeStep: 0 }', '`simulate.timeStep` is 0; it must be a number above 0 and at most 1 (ps).'],
  ['name: ""', '`name` is ""; it must be text of 1 to 200 characters.'],
  [
    'experts: [{ learningRate: [1e-5, 3e-4] }]',
    '`experts[0].learningRate` is [0.00001,0.0003]; it must be two numbers [a, b], a ≥ b, each above 0 and at most 1.',
  ],
  [
    'experts: [{ range: [0, .nan] }]',
    '`experts[0].range` is [0,"NaN"]; it must be two numbers [a, b], a < b, each from 0 to 1.',
  ],
  [
    'experts: [{ network: { kind: mlp, widths: [] } }]',
    '`experts[0].network.widths` is an empty list; it must be a list of 1 to 16 whole numbers, each from 1 to 4096.',
  ],
  [
    'experts: [{ network: { kind: mlp, widths: [3, 0] } }]',
    '`experts[0].network.widths` is [3,0]; it must be a list of 1 to 16 whole numbers, each from 1 to 4096.',
  ],
  [
    'experts: [{ network: { kind: mlp, width: [3] } }]',
    '`experts[0].network.width` is not a setting; did you mean `widths`?',
  ],
  [
    'experts: [{ network: { widths: [3] } }]',
    '`experts[0].network.kind` is missing; it must be one of mlp, graph-transformer, invariant, modes, local, local-shape.',
  ],
  [
    'experts: [{ network: { kind: cnn } }]',
    '`experts[0].network.kind` is "cnn"; it must be one of mlp, graph-transformer, invariant, modes, local, local-shape.',
  ],
  [
    '[1, 2]',
    'the specification is [1,2]; it must be a group of the keys name, method, system, experts, sample, simulate, evaluate, seed, engine, threads, checkpoint.',
  ],
  [
    'experts: [{ network: { kind: graph-transformer } }]',
    '`experts[0].network.kind` is graph-transformer, but toy systems take mlp.',
  ],
  [
    'system: { kind: molecule, sources: [{ structure: a.pdb }] }\nexperts: [{ network: { kind: mlp } }]',
    '`experts[0].network.kind` is mlp, but molecules take graph-transformer, invariant, modes, local or local-shape.',
  ],
  [
    'system: { kind: molecule }',
    '`system.sources[0].structure` is missing: name a structure file (PDB, mmCIF, GRO, …).',
  ],
  [
    'system: { kind: molecule, sources: [{ structure: a.pdb, use: test }] }',
    '`system.sources` has no training data: at least one source needs `use: train`.',
  ],
  [
    'system: { kind: molecule, features: place, sources: [{ structure: a.pdb }, { structure: b.pdb }] }',
    '`system.features` is place, which is for a single molecule; with several `system.sources` it must be chemistry.',
  ],
  [
    'system: { kind: molecule, sources: [{ structure: a.pdb, trajectory: b.xtc }] }',
    '`system.sources[0].trajectory` is not a setting; did you mean `trajectories`?',
  ],
  [
    'system: { kind: molecule, sources: [{ structure: a.pdb, trajectories: b.xtc }] }',
    '`system.sources[0].trajectories` is "b.xtc"; it must be a list of at most 10000 file names.',
  ],
  [
    'experts: [{ conservative: false, alpha: 0.1 }]',
    '`experts[0].alpha` is 0.1 but the expert has no energy to regularise: set `experts[0].alpha` to 0 or `experts[0].conservative` to true.',
  ],
  [
    'experts: [{ range: [0, 0.5], weightMidpoint: 0.5 }, { range: [0.5, 1] }]',
    '`experts[0].weightMidpoint` is 0.5; it must lie inside `experts[0].range`, above 0 and below 0.5.',
  ],
  [
    'simulate: { steps: 10, stride: 20 }',
    '`simulate.stride` is 20, more than the 10 of `simulate.steps`: no frame would be stored.',
  ],
  [
    'simulate: { torsionMoves: 3 }',
    '`simulate.torsionMoves` is 3, but only a molecule has torsions to turn: set it to 0.',
  ],
  [
    'simulate: { torsionMoves: 3 }\nexperts: [{ conservative: false, alpha: 0 }]\n' +
      'system: { kind: molecule, sources: [{ structure: a.pdb }] }',
    '`simulate.torsionMoves` is 3, but the network at `simulate.evaluationTime` 0.00001 has no energy to accept them with: ' +
      "set it to 0, or that network's `conservative` to true.",
  ],
  [
    'simulate: { torsionMoves: 3, torsionMovesEvery: 200, steps: 100, equilibration: 50 }\n' +
      'system: { kind: molecule, sources: [{ structure: a.pdb }] }',
    '`simulate.torsionMovesEvery` is 200, more than the 150 steps of the simulation: no torsion would be turned.',
  ],
])('%s', (text, sentence) => {
  expect(sentenceOf(text)).toBe(sentence);
});

test.each([
  ['a gap', '[0, 0.1], [0.2, 1]', '`experts[1].range` begins at 0.2 but `experts[0].range` ends at 0.1'],
  ['an overlap', '[0, 0.3], [0.2, 1]', '`experts[1].range` begins at 0.2 but `experts[0].range` ends at 0.3'],
  ['a late start', '[0.1, 1]', '`experts[0].range` begins at 0.1 but time begins at 0'],
  ['an early end', '[0, 0.9]', '`experts[0].range` ends at 0.9 but time ends at 1'],
  ['the wrong order', '[0.5, 1], [0, 0.5]', '`experts[0].range` begins at 0.5 but time begins at 0'],
])('experts with %s are refused', (_, ranges, start) => {
  const text = `experts: [${ranges.replace(/\[([^\]]*)\]/g, '{ range: [$1] }')}]`;
  expect(sentenceOf(text)).toBe(`${start}: together the experts must cover 0 to 1 in order, without gap or overlap.`);
});

test.each(['experts: [', 'a: 1\na: 2', '{"a": 1,,}', 'a: !!js/function "x"', '', '\t- x'])(
  '%j is one sentence',
  (text) => {
    const sentence = sentenceOf(text);
    expect(sentence).not.toBe('accepted');
    expect(sentence).not.toContain('\n');
    expect(sentence.endsWith('.')).toBe(true);
  },
);

const folder = fileURLToPath(new URL('../../resources/specs/', import.meta.url));
const shipped = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
test('the reference experiments are all there, each with a quick variant', () => {
  const names = ['plain', 'experts', 'fp', 'both'].flatMap((name) => [`mueller-brown-${name}`, `aldp-${name}`]);
  for (const name of names) expect(shipped).toEqual(expect.arrayContaining([`${name}.yaml`, `${name}-quick.yaml`]));
});

test('one-step generators have experiments without bias, with weights, and with each kind of guidance', () => {
  const generators = shipped.flatMap((file) => {
    const specification = parseSpecification(readFileSync(`${folder}/${file}`, 'utf8'), file);
    return specification.method === 'drifting' ? [specification] : [];
  });
  expect(generators.map(({ name }) => name)).toEqual([
    'aldp-hot-all',
    'aldp-hot-fk',
    'aldp-hot',
    'ethanol-drift',
    'ethanol-fi',
    'ethanol-fk',
    'ethanol',
    'mueller-brown-drift',
    'mueller-brown-hot',
    'mueller-brown-thinned',
  ]);
  expect(new Set(generators.map(({ generator }) => generator.guidance))).toEqual(new Set(['none', 'fi', 'fk']));
  expect(new Set(generators.map(({ system }) => system.weights))).toEqual(
    new Set(['none', 'regressed-energies', 'forces']),
  );
});

test.each(shipped)('%s is valid and is called by its name', (file) => {
  const specification = parseSpecification(readFileSync(`${folder}/${file}`, 'utf8'), file);
  expect(`${specification.name}.yaml`).toBe(file);
  if (specification.system.kind === 'molecule' || specification.method !== 'diffusion') return;
  const reference = expertsOf(specification).every(({ steps, batch }) => steps === 140_580 && batch === 128);
  expect(reference).toBe(!file.includes('quick'));
});

test('all faults come at once, each with the path of its parameter and its own sentence', () => {
  const { faults, specification } = checkSpecification({
    nmae: 'x',
    experts: [
      { range: [0.5, 0.2], batch: 0 },
      { range: [0, 1], steps: 1.5, learningRate: ['a', 'b'] },
    ],
    simulate: { replicas: 'many' },
  });
  expect(specification).toBeUndefined();
  const at = (...path: (string | number)[]) => faults.filter((fault) => String(fault.path) === String(path));
  expect(faults).toHaveLength(6);
  expect(at('nmae')[0]!.message).toBe('`nmae` is not a setting; did you mean `name`?');
  expect(at('experts', 0, 'range')[0]!.message).toMatch(/must be two numbers \[a, b\], a < b/);
  expect(at('experts', 0, 'batch')[0]!.message).toMatch(/from 1 to 1000000 \(samples\)/);
  expect(at('experts', 1, 'steps')).toHaveLength(1);
  expect(at('experts', 1, 'learningRate')).toHaveLength(1);
  expect(at('simulate', 'replicas')).toHaveLength(1);
});

test('all rules between settings that are broken are told', () => {
  const { faults } = checkSpecification({
    system: { kind: 'molecule', sources: [{}, { use: 'test' }], features: 'place' },
    experts: [
      { range: [0.1, 0.5], network: { kind: 'mlp' }, weightMidpoint: 0.7 },
      { range: [0.6, 0.9], conservative: false, alpha: 1 },
    ],
    sample: { steps: 1 },
    simulate: { steps: 10, stride: 20 },
  });
  expect(faults.map(({ path }) => path)).toEqual([
    ['system', 'sources', 0, 'structure'],
    ['system', 'sources', 1, 'structure'],
    ['system', 'features'],
    ['experts', 0, 'range'],
    ['experts', 1, 'range'],
    ['experts', 1, 'range'],
    ['experts', 0, 'network', 'kind'],
    ['experts', 0, 'weightMidpoint'],
    ['experts', 1, 'alpha'],
    ['sample', 'steps'],
    ['simulate', 'stride'],
  ]);
});

test('a molecule of which only the files are said is left to the automatic method; a record never is', () => {
  const system = { kind: 'molecule', sources: [{ structure: 'a.pdb' }] };
  expect(validateSpecification({ system }, 'a.yaml').method).toBe('auto');
  expect(validateSpecification({ system }, 'run.json', 'recorded').method).toBe('diffusion');
  expect(validateSpecification({ system, experts: [{}] }, 'a.yaml').method).toBe('diffusion');
  expect(validateSpecification({ system: { kind: 'mueller-brown' } }, 'a.yaml').method).toBe('diffusion');
});

test('a run record from before the gauge of the residual means none, while a new specification gets one', () => {
  const experts = [{ range: [0, 1], alpha: 1e-3 }];
  expect(expertsOf(validateSpecification({ experts }, 'a.yaml'))[0]!.gauge).toBe('fitted');
  expect(expertsOf(validateSpecification({ experts }, 'run.json', 'recorded'))[0]!.gauge).toBe('none');
  const stated = [{ ...experts[0]!, gauge: 'fitted' }];
  expect(expertsOf(validateSpecification({ experts: stated }, 'run.json', 'recorded'))[0]!.gauge).toBe('fitted');
});
