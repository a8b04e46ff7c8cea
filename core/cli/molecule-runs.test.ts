/** Runs of a molecule as a person calls them: the whole pipeline, its folder, and what needs which files. */
import { cpSync, existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { askPython } from '../../build/python-peers.ts';
import { decodeNpy } from '../formats/npy.ts';
import { xtcWriter } from '../formats/xtc.ts';
import {
  chainFrames,
  chainTopology,
  fileOf,
  framesIn,
  smallMolecularRun,
  writeMolecule,
} from '../runs/small-molecule.test-support.ts';
import { leftoversIn, smallRun, temporaryFolder } from '../runs/small-run.test-support.ts';
import { openTrajectory } from '../storage/molecule-files.ts';
import { called, refused } from './in-process.test-support.ts';

const parent = temporaryFolder();
afterAll(() => parent[Symbol.dispose]());

const RESIDUES = ['ALA', 'GLY', 'SER', 'VAL'];
const source = writeMolecule(parent.in('chain'), chainTopology(RESIDUES), chainFrames(4, 300, 2));
const system = { kind: 'molecule', sources: [{ structure: 'chain.pdb', trajectories: ['chain.xtc'] }], beads: 'ca' };
function specification(name: string, changes: object = {}): string {
  writeFileSync(parent.in(name), JSON.stringify({ ...smallMolecularRun, system, ...changes }));
  return parent.in(name);
}
const json = (path: string) => JSON.parse(readFileSync(path, 'utf8'));
async function framesOf(path: string) {
  await using trajectory = await openTrajectory(path);
  return await Promise.all(Array.from({ length: trajectory.reader.frames }, (_, i) => trajectory.reader.frame(i)));
}

const whole = parent.in('whole');
let copies = 0;
/** To be maltreated. */
function copy(): string {
  const path = parent.in(`copy-${copies++}`);
  cpSync(whole, path, { recursive: true });
  return path;
}

beforeAll(async () => {
  await called(['run', specification('spec.json'), '--out', whole]);
});

describe('the folder of a run', () => {
  test('holds everything, and nothing that was only in the making', () => {
    expect(readdirSync(whole).toSorted()).toEqual([
      'beads.pdb',
      'checkpoint.prev.safetensors',
      'checkpoint.safetensors',
      'figures',
      'log.jsonl',
      'metrics.json',
      'model.safetensors',
      'run.json',
      'samples.xtc',
      'simulation-000.xtc',
      'simulation-001.xtc',
      'simulation-002.xtc',
    ]);
    expect(leftoversIn(whole)).toEqual([]);
    const figures = ['bonds', 'free-energy', 'profiles', 'residual', 'training', 'trajectory'];
    expect(readdirSync(join(whole, 'figures')).toSorted()).toEqual(
      figures.flatMap((name) => [`${name}.csv`, `${name}.svg`]),
    );
    for (const name of figures) {
      expect(readFileSync(join(whole, 'figures', `${name}.svg`), 'utf8')).not.toMatch(/NaN|undefined|Infinity/);
    }
    expect(readFileSync(join(whole, 'figures', 'trajectory.csv'), 'utf8')).toMatch(/^time \(ps\)/);
    expect(readFileSync(join(whole, 'figures', 'bonds.svg'), 'utf8')).toContain('CA1–CA2');
  });

  test('has metrics with bonds, for samples, simulation, their consistency and the noise floor', () => {
    const metrics = json(join(whole, 'metrics.json'));
    for (const row of ['iid', 'sim', 'consistency', 'floor']) {
      for (const score of ['pmf', 'js', 'jsPooled', 'bonds', 'largestBond']) {
        expect(metrics[row][score], `${row} ${score}`).toBeGreaterThan(0);
      }
    }
    expect(metrics.fpCurve.t).toHaveLength(6);
    expect(Math.max(...metrics.fpCurve.t)).toBeLessThan(0.1);
  });

  test('remembers what was found in the files', () => {
    const { molecule, dataFingerprint, specification: own, finished, seconds } = json(join(whole, 'run.json'));
    expect(finished).toBe(true);
    expect(Object.keys(seconds).toSorted()).toEqual(['sample', 'simulate', 'train']);
    expect(dataFingerprint).toMatch(/^[0-9a-f]{64}$/);
    expect(own.system.sources[0]).toEqual({ ...source, use: 'train', weights: null });
    expect(molecule.molecules[0].beads.map(({ residue }: { residue: string }) => residue)).toEqual(RESIDUES);
    expect(molecule.molecules[0]).toMatchObject({ name: 'chain', use: 'train', frames: 300 });
    expect(molecule.scale).toBeGreaterThan(0.1);
    expect(molecule.plane.recipe.kind).toBe('pca');
  });

  test('opens in mdtraj and MDAnalysis with the right names, places and times', async ({ skip }) => {
    const script = `
import json
import numpy as np
folder = sys.argv[1]
samples = mdtraj.load(folder + '/samples.xtc', top=folder + '/beads.pdb')
replica = mdtraj.load(folder + '/simulation-002.xtc', top=folder + '/beads.pdb')
universe = MDAnalysis.Universe(folder + '/beads.pdb', folder + '/simulation-002.xtc')
many = MDAnalysis.Universe(folder + '/beads.pdb', folder + '/samples.xtc')
print(json.dumps({
    'atoms': [str(atom) for atom in samples.topology.atoms],
    'elements': [atom.element.symbol for atom in samples.topology.atoms],
    'samples': [samples.n_frames, len(many.trajectory)],
    'rmsd': float(np.abs(mdtraj.rmsd(samples, samples, 0) - np.sqrt(((samples.xyz - samples.xyz[0]) ** 2).sum(2).mean(1))).max()),
    'times': replica.time.tolist(),
    'universe': [[ts.time, int(ts.data['step'])] for ts in universe.trajectory],
    'names': [[a.resname, int(a.resid), a.name, a.segment.segid] for a in universe.atoms],
    'positions': (universe.trajectory[1].positions / 10).astype(float).ravel().tolist(),
}))`;
    const answer = askPython(['mdtraj', 'MDAnalysis'], script, whole);
    skip(answer === undefined, 'Python has no mdtraj and MDAnalysis here');
    const found = answer as Record<string, number[] & string[]>;
    expect(found.atoms).toEqual(['ALA1-CA', 'GLY2-CA', 'SER3-CA', 'VAL4-CA']);
    expect(found.elements).toEqual(['C', 'C', 'C', 'C']);
    expect(found.samples).toEqual([60, 60]);
    // Samples are where mdtraj would put them: RMSD after its superposition is that without.
    expect(found.rmsd).toBeLessThan(1e-3);
    const times = [0.03, 0.04, 0.05, 0.06];
    for (const [i, time] of times.entries()) expect(found.times![i]).toBeCloseTo(time, 6);
    const moments = found.universe as unknown as [number, number][];
    expect(moments.map(([, step]) => step)).toEqual([30, 40, 50, 60]);
    for (const [i, time] of times.entries()) expect(moments[i]![0]).toBeCloseTo(time, 5);
    expect(found.names).toEqual(RESIDUES.map((name, i) => [name, i + 1, 'CA', 'A']));
    const second = (await framesOf(join(whole, 'simulation-002.xtc')))[1]!;
    for (const [i, x] of second.positions.entries()) expect(found.positions![i]).toBeCloseTo(x, 5);
  });
});

describe('results as files of one’s own', () => {
  test.each(['pdb', 'xtc', 'dcd', 'npy'])('sample -n 7 --out x.%s', async (ending) => {
    const out = parent.in(`own-${ending}.${ending}`);
    const { json: report } = await called(['sample', whole, '-n', '7', '--out', out]);
    expect(report).toMatchObject({ samples: 7, file: out });
    if (ending === 'npy') expect(decodeNpy(readFileSync(out), out).shape).toEqual([7, 4, 3]);
    else expect(await framesOf(out)).toHaveLength(7);
    expect(existsSync(parent.in(`own-${ending}-beads.pdb`))).toBe(ending === 'xtc' || ending === 'dcd');
    // The same samples as in the run: names of random numbers are those of the samples.
    if (ending !== 'xtc') return;
    const [mine, theirs] = [await framesOf(out), await framesOf(join(whole, 'samples.xtc'))];
    for (let i = 0; i < 7; i++) expect([...mine[i]!.positions]).toEqual([...theirs[i]!.positions]);
  });

  test('simulate --out y.xtc: one file, replica after replica', async () => {
    const out = parent.in('y.xtc');
    const { json: report } = await called(['simulate', whole, '--steps', '50', '--out', out]);
    expect(report).toMatchObject({ replicas: 3, steps: 50, stopped: 0, file: out });
    const found = await framesOf(out);
    expect(found.map(({ step }) => step)).toEqual([30, 40, 50, 60, 70, 30, 40, 50, 60, 70, 30, 40, 50, 60, 70]);
    for (let replica = 0; replica < 3; replica++) {
      const own = await framesOf(join(whole, `simulation-00${replica}.xtc`));
      for (let i = 0; i < 4; i++) expect([...found[5 * replica + i]!.positions]).toEqual([...own[i]!.positions]);
    }
    const dcd = parent.in('y.dcd');
    await called(['simulate', whole, '--out', dcd]);
    expect(await framesOf(dcd)).toHaveLength(12);
  });

  test('simulate with torsion moves: how many were accepted, and nothing about time', async () => {
    const out = parent.in('turned.xtc');
    const words = ['simulate', whole, '--torsion-moves', '2', '--torsion-moves-every', '5', '--out', out];
    const { json: report, text } = await called(words);
    expect(report.torsionAcceptance).toBeGreaterThan(0);
    expect(report.nsPerDay).toBeUndefined();
    expect(text).toMatch(/% of the torsion moves were accepted. The simulation samples and is no dynamics/);
    expect(text).not.toContain('ns/day');
    expect(await framesOf(out)).toHaveLength(12);
    const plain = await called(['simulate', whole, '--start', 'stratified', '--out', parent.in('plain.xtc')]);
    expect(plain.json.torsionAcceptance).toBeUndefined();
    expect(plain.text).toContain('ns/day');
  });

  test('a run with torsion moves keeps their acceptance, and its path is drawn against steps', async () => {
    const simulate = { ...smallMolecularRun.simulate, torsionMoves: 2, torsionMovesEvery: 7 };
    const folder = parent.in('turning');
    const { json: report, text } = await called(['run', specification('turning.json', { simulate }), '--out', folder]);
    expect(report.torsionAcceptance).toBeGreaterThan(0);
    expect(text).toMatch(/Effective sample size of the simulation: \d+ of 12 frames/);
    expect(text).toContain('is no dynamics');
    expect(json(join(folder, 'run.json')).torsionAcceptance).toBe(report.torsionAcceptance);
    expect(readFileSync(join(folder, 'figures', 'trajectory.csv'), 'utf8')).toMatch(/^step /);
  });

  test('torsion moves of three beads are refused before anything is trained', async () => {
    writeMolecule(parent.in('three'), chainTopology(RESIDUES.slice(1)), chainFrames(3, 50, 1));
    const own = { ...system, sources: [{ structure: 'three.pdb', trajectories: ['three.xtc'] }] };
    const simulate = { ...smallMolecularRun.simulate, torsionMoves: 2 };
    const folder = parent.in('three-run');
    const path = specification('three.json', { system: own, simulate });
    const { sentence } = await refused('run', path, '--out', folder);
    expect(sentence).toContain('no bond between the beads can turn: set it to 0, or choose more beads.');
    expect(existsSync(folder)).toBe(false);
  });

  test('other endings, and settings of one’s own without a file', async () => {
    for (const name of ['x.csv', 'x.txt', 'x', 'x.nc']) {
      const failure = await refused('sample', whole, '-n', '3', '--out', parent.in(name));
      expect(failure).toMatchObject({ usage: true, sentence: expect.stringContaining('names no format that can be') });
    }
    expect(await refused('sample', whole, '-n', '3')).toMatchObject({
      usage: true,
      sentence: expect.stringMatching(/^`samples\.xtc` of a run always uses the run's own settings/),
    });
    expect((await refused('simulate', whole, '--dt', '0.0001')).sentence).toMatch(/^`simulation\.xtc` of a run/);
    expect(readdirSync(parent.path).filter((name) => name.startsWith('x'))).toEqual([]);
  });

  test('the reference engine draws the same samples as far as single precision goes', async () => {
    const words = ['sample', whole, '-n', '2', '--steps', '4'];
    await called([...words, '--out', parent.in('fast.npy')]);
    await called([...words, '--engine', 'reference', '--out', parent.in('slow.npy')]);
    const [fast, slow] = ['fast', 'slow'].map((name) => decodeNpy(readFileSync(parent.in(`${name}.npy`)), name).data);
    for (const [i, value] of fast!.entries()) expect(Math.abs(value - slow![i]!)).toBeLessThan(1e-3);
    expect(fast!.some((value) => Math.abs(value) > 0.05)).toBe(true);
  });
});

describe('when the data files are gone', () => {
  test('sampling and simulating from samples go on; what needs data says which, and what to do', async () => {
    const folder = copy();
    for (const name of ['chain.pdb', 'chain.xtc']) renameSync(parent.in(name), parent.in(`${name}.away`));
    try {
      const before = readFileSync(join(folder, 'samples.xtc'));
      await called(['sample', folder]);
      expect(readFileSync(join(folder, 'samples.xtc')).equals(before)).toBe(true);
      await called(['simulate', folder, '--start', 'samples', '--out', parent.in('free.xtc')]);
      expect(await framesOf(parent.in('free.xtc'))).toHaveLength(12);

      const gone = `\`${parent.in('chain.pdb')}\` does not exist: check the spelling.`;
      expect((await refused('simulate', folder)).sentence).toBe(
        `${gone} Or start at the model's own samples: \`--start samples --out FILE\`.`,
      );
      expect((await refused('evaluate', folder)).sentence).toBe(
        `${gone} Or compare with other data: \`--reference FILE\`.`,
      );
      expect((await refused('residual', folder)).sentence).toBe(gone);
      expect((await refused('resume', folder)).sentence).toBe(gone);
      // A simulation that fails leaves the one that is there.
      expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);

      const { json: scores, said } = await called(['evaluate', folder, '--reference', join(folder, 'samples.xtc')]);
      expect(scores.metrics.iid).toMatchObject({ pmf: 0, js: 0, bonds: 0 });
      expect(scores.fpCurve.t).toHaveLength(6);
      expect(said[0]).toBe(`${gone} The Fokker–Planck residual is measured on the reference instead.`);
    } finally {
      for (const name of ['chain.pdb', 'chain.xtc']) renameSync(parent.in(`${name}.away`), parent.in(name));
    }
  });

  test('data that have changed are not gone on with', async () => {
    const folder = copy();
    const changed = chainFrames(4, 300, 2);
    changed[500]! += 0.01;
    const before = readFileSync(parent.in('chain.xtc'));
    const sentence =
      `The data of \`${parent.in('chain.pdb')}\`, \`${parent.in('chain.xtc')}\` have changed since this run ` +
      'began: restore the original files, or start a new run.';
    try {
      writeFileSync(parent.in('chain.xtc'), fileOf(xtcWriter({ atoms: 4 }), framesIn(changed, 4)));
      for (const command of ['resume', 'simulate', 'evaluate', 'residual']) {
        expect((await refused(command, folder)).sentence).toBe(sentence);
      }
      expect((await refused('fine-tune', folder, '--alpha', '1e-3', '--out', parent.in('tuned'))).sentence).toBe(
        sentence,
      );
      expect(existsSync(parent.in('tuned'))).toBe(false);
    } finally {
      writeFileSync(parent.in('chain.xtc'), before);
    }
    await called(['evaluate', folder]);
    expect(json(join(folder, 'metrics.json'))).toEqual(json(join(whole, 'metrics.json')));
  });
});

test('fine-tuning sees the molecule as the run did that it starts from', async () => {
  const tuned = parent.in('fine-tuned');
  await called(['fine-tune', whole, '--alpha', '2e-3', '--steps', '3', '--out', tuned]);
  const [before, after] = [whole, tuned].map((path) => json(join(path, 'run.json')));
  expect(after.molecule).toEqual(before.molecule);
  expect(after.dataFingerprint).toBe(before.dataFingerprint);
  await called(['sample', tuned]);
  expect(await framesOf(join(tuned, 'samples.xtc'))).toHaveLength(60);
});

describe('a record that is damaged', () => {
  // biome-ignore lint/suspicious/noExplicitAny: damage is of any kind.
  const damages: [string, (record: any) => void, RegExp][] = [
    ['no molecule', (record) => delete record.molecule, /lacks its molecule \(`molecule`\)/],
    ['a molecule that is none', (record) => (record.molecule = 7), /`molecule` is wrong or missing/],
    ['a scale of 0', ({ molecule }) => (molecule.scale = 0), /`molecule.scale` is wrong or missing/],
    ['a scale in words', ({ molecule }) => (molecule.scale = 'x'), /`molecule.scale` is wrong or missing/],
    ['no such target', ({ molecule }) => (molecule.target = 1), /`molecule.target` is wrong or missing/],
    ['no molecules', ({ molecule }) => (molecule.molecules = []), /`molecule.molecules` is wrong or missing/],
    ['one bead', ({ molecule }) => molecule.molecules[0].beads.splice(1), /`molecule.molecules.0.beads` is wrong/],
    ['a bead less', ({ molecule }) => molecule.molecules[0].beads.pop(), /`molecule.molecules.0.bonds` is wrong/],
    ['no mass', ({ molecule }) => delete molecule.molecules[0].beads[2].mass, /`molecule.molecules.0.beads.2.mass` is/],
    ['a mass of 0', ({ molecule }) => (molecule.molecules[0].beads[2].mass = 0), /beads.2.mass` is wrong or missing/],
    [
      'a bond to nowhere',
      ({ molecule }) => molecule.molecules[0].bonds.push([0, 9]),
      /`molecule.molecules.0.bonds` is/,
    ],
    ['no plane', ({ molecule }) => delete molecule.plane, /`molecule.plane` is wrong or missing/],
    ['limits that fall', ({ molecule }) => molecule.plane.limits[0].reverse(), /`molecule.plane.limits.0` is wrong/],
    [
      'a plane of other beads',
      ({ molecule }) => (molecule.plane.recipe.model.features.pairs[0] = [0, 7]),
      /`molecule.plane` is wrong or missing/,
    ],
    ['an unknown key', ({ molecule }) => (molecule.masses = []), /`molecule` is wrong or missing/],
  ];
  const folder = () => join(parent.path, 'damaged');
  beforeAll(() => cpSync(whole, folder(), { recursive: true }));

  test.each(damages)('%s', async (_, damage, words) => {
    const record = json(join(whole, 'run.json'));
    damage(record);
    writeFileSync(join(folder(), 'run.json'), JSON.stringify(record));
    const { sentence } = await refused('sample', folder(), '-n', '1', '--out', parent.in('never.xtc'));
    expect(sentence).toMatch(words);
    expect(sentence).toContain('run.json');
    expect(existsSync(parent.in('never.xtc'))).toBe(false);
  });

  test('records of before beads had insertion codes are read', async () => {
    const record = json(join(whole, 'run.json'));
    for (const bead of record.molecule.molecules[0].beads) delete bead.insertion;
    writeFileSync(join(folder(), 'run.json'), JSON.stringify(record));
    await called(['sample', folder(), '-n', '1', '--out', parent.in('old.xtc')]);
  });

  test('fewer beads in all of it do not fit the weights', async () => {
    const record = json(join(whole, 'run.json'));
    const { molecule } = record;
    molecule.molecules[0].beads.pop();
    molecule.molecules[0].bonds.pop();
    molecule.molecules[0].bondRanges.pop();
    molecule.plane = {
      recipe: { kind: 'distances', pairs: [[0, 1]] },
      limits: [[0, 1]],
      periodic: [false],
      axes: [{ label: 'd' }],
    };
    writeFileSync(join(folder(), 'run.json'), JSON.stringify(record));
    const { sentence } = await refused('sample', folder(), '-n', '1', '--out', parent.in('never.xtc'));
    expect(sentence).toMatch(/^The model in .* does not fit its specification/);
  });
});

describe('data of one’s own on the command line', () => {
  const short = { experts: smallMolecularRun.experts.map((expert) => ({ ...expert, steps: 5 })) };
  const other = writeMolecule(parent.in('other'), chainTopology(['LEU', 'ALA', 'PRO']), chainFrames(3, 60, 5));
  const more = parent.in('more.xtc');
  writeFileSync(more, fileOf(xtcWriter({ atoms: 3 }), framesIn(chainFrames(3, 30, 6), 3)));

  test('take the place of those of the specification, which may have none', async () => {
    for (const [i, own] of [system, { kind: 'molecule', beads: 'ca' }].entries()) {
      const spec = specification(`own-${i}.json`, { ...short, system: own });
      const out = parent.in(`own-${i}`);
      const files = ['--structure', other.structure, '--trajectory', other.trajectories[0]!, '--trajectory', more];
      await called(['train', spec, '--out', out, ...files]);
      const { specification: kept, molecule } = json(join(out, 'run.json'));
      expect(kept.system.sources).toEqual([
        { structure: other.structure, trajectories: [other.trajectories[0], more], use: 'train', weights: null },
      ]);
      expect(kept.system.features).toBe('place');
      expect(molecule.molecules[0]).toMatchObject({ name: 'other', frames: 90 });
      // Resuming needs them no more, and asked for again they are the same.
      await called(['resume', out]);
      await called(['train', spec, '--out', out, '--resume', ...files]);
      const { sentence } = await refused('train', spec, '--out', out, '--resume', '--structure', other.structure);
      expect(sentence).toMatch(/differs from the specification that/);
    }
  });

  test('what cannot be', async () => {
    const spec = specification('own.json', { ...short, system: { kind: 'molecule', beads: 'ca' } });
    const out = parent.in('refused');
    const attempt = async (...words: string[]) => (await refused('train', ...words, '--out', out)).sentence;
    expect(await attempt(spec)).toContain('`system.sources[0].structure` is missing');
    expect(await refused('train', spec, '--trajectory', more)).toEqual({
      usage: true,
      sentence: '`--trajectory` needs `--structure FILE`, which says what its atoms are.',
    });
    expect(await attempt(spec, '--structure', more)).toContain('does not say what the atoms are');
    expect(await attempt(spec, '--structure', other.structure)).toContain('holds one frame');
    expect(await attempt(spec, '--structure', source.structure, '--trajectory', more)).toContain(
      'has 3 atoms per frame',
    );
    const toy = parent.in('toy.json');
    writeFileSync(toy, JSON.stringify(smallRun));
    expect(await refused('run', toy, '--structure', other.structure)).toEqual({
      usage: true,
      sentence: `\`${toy}\` describes a run of double-well-2d; files can be given for a molecule only.`,
    });
    expect(existsSync(out)).toBe(false);
  });
});

describe('evaluate --reference', () => {
  test('a trajectory of the atoms is mapped to beads, one of the beads is taken as it is; every frame counts', async () => {
    const beads = { ...system, beads: 'not GLY', stride: 3 };
    const folder = parent.in('three-of-four');
    const { json: run } = await called(['run', specification('beads.json', { system: beads }), '--out', folder]);
    const atoms = await called(['evaluate', folder, '--reference', source.trajectories[0]!]);
    expect(atoms.json.metrics.consistency).toEqual(run.metrics.consistency);
    expect(atoms.json.metrics.iid).not.toEqual(run.metrics.iid);

    const frames = chainFrames(4, 300, 2);
    const picked = Float32Array.from({ length: 900 * 3 }, (_, i) => {
      const [frame, bead] = [Math.floor(i / 9), Math.floor(i / 3) % 3];
      return frames[12 * frame + 3 * (bead === 0 ? 0 : bead + 1) + (i % 3)]!;
    });
    const { trajectories } = writeMolecule(parent.in('beads-only'), chainTopology(['ALA', 'SER', 'VAL']), picked);
    const same = await called(['evaluate', folder, '--reference', trajectories[0]!]);
    for (const row of ['iid', 'sim', 'floor']) {
      for (const score of ['pmf', 'js', 'bonds']) {
        expect(same.json.metrics[row][score]).toBeCloseTo(atoms.json.metrics[row][score], 3);
      }
    }
    // Cut by a cell, it is whole again.
    const cell = [1.5, 0, 0, 0, 1.5, 0, 0, 0, 1.5];
    const wrapped = picked.map((value) => value - 1.5 * Math.floor(value / 1.5));
    const cut = writeMolecule(parent.in('beads-cut'), chainTopology(['ALA', 'SER', 'VAL']), wrapped, cell);
    const again = await called(['evaluate', folder, '--reference', cut.trajectories[0]!]);
    expect(again.json.metrics.iid.bonds).toBeCloseTo(same.json.metrics.iid.bonds, 5);
  });

  test('what cannot be compared with', async () => {
    const five = writeMolecule(parent.in('five'), chainTopology([...RESIDUES, 'ALA']), chainFrames(5, 9, 1));
    expect((await refused('evaluate', whole, '--reference', five.trajectories[0]!)).sentence).toMatch(
      /five.xtc` has 5 atoms per frame, `.*chain.pdb` has 4: choose the structure that belongs to it\.$/,
    );
    expect((await refused('evaluate', whole, '--reference', source.structure)).sentence).toMatch(
      /chain.pdb` has one frame; a reference needs at least 2\.$/,
    );
    const broken = chainFrames(4, 5, 1);
    broken[30] = Number.NaN;
    const bad = writeMolecule(parent.in('bad'), chainTopology(RESIDUES), chainFrames(4, 5, 1));
    writeFileSync(bad.trajectories[0]!, fileOf(xtcWriter({ atoms: 4 }), framesIn(broken, 4)));
    expect((await refused('evaluate', whole, '--reference', bad.trajectories[0]!)).sentence).toMatch(
      /bad.xtc`: a position in frame 3 is not finite/,
    );
    expect((await refused('evaluate', whole, '--reference', parent.in('x.csv'))).sentence).toMatch(
      /no ending of a known format/,
    );
  });
});
