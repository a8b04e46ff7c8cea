import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeCsv } from '../../formats/csv.ts';
import { readRunRecord } from '../../runs/run-folder.ts';
import { Listener, temporaryFolder } from '../../runs/small-run.test-support.ts';
import { parseSpecification } from '../../specification/specification.ts';
import { openMolecule, openStructure, openTrajectory } from '../../storage/molecule-files.ts';
import { sample } from '../reading/reading.test-support.ts';
import { madeChain, madeToy } from '../reading/results/made-run.test-support.ts';
import type { CheckedExport } from './checked-export.ts';
import { exportRun } from './export-run.ts';
import { fileStem, freeStem } from './free-names.ts';

type What = CheckedExport extends infer Each ? (Each extends unknown ? Omit<Each, 'run'> : never) : never;

const exported = async (run: string, into: string, what: What, listener = new Listener()): Promise<string[]> => {
  mkdirSync(into, { recursive: true });
  const files = await exportRun({ run: 'r', ...what } as CheckedExport, { folder: run }, into, listener);
  return files.map((path) => basename(path));
};

/** All frames of a file, and when they are. */
async function framesIn(path: string) {
  await using file = await openTrajectory(path);
  const frames = [];
  for (let i = 0; i < file.reader.frames; i++) frames.push(await file.reader.frame(i));
  return frames;
}

test.each([
  ['xtc', 0],
  ['trr', 0],
  ['dcd', 1e-6],
  ['xyz', 1e-6],
  ['pdb', 5.1e-5],
] as const)('a simulation as %s reads back as it was', async (format, error) => {
  using folder = temporaryFolder();
  const run = folder.in('run');
  await madeChain(run, folder.in('a'), 12);
  const into = folder.in('out');
  const files = await exported(run, into, { what: 'trajectory', set: 'simulation', format, stride: 2 });
  const trajectories = [0, 1, 2].map((replica) => `chain-simulation-00${replica}.${format}`);
  expect(files).toEqual([...(format === 'pdb' ? [] : ['chain-simulation-beads.pdb']), ...trajectories]);
  expect(readdirSync(into).toSorted()).toEqual(files.toSorted());
  for (const replica of [0, 1, 2]) {
    const whole = await framesIn(join(run, `simulation-00${replica}.xtc`));
    const found = await framesIn(join(into, `chain-simulation-00${replica}.${format}`));
    expect(found).toHaveLength(2);
    for (const [i, frame] of found.entries()) {
      const expected = whole[2 * i]!;
      expect(frame.time).toBeCloseTo(expected.time!, 5);
      for (let k = 0; k < 36; k++) {
        expect(Math.abs(frame.positions[k]! - expected.positions[k]!)).toBeLessThanOrEqual(error);
      }
    }
  }
  await using beads = await openStructure(join(into, format === 'pdb' ? files[0]! : 'chain-simulation-beads.pdb'));
  expect(beads.topology.atoms.map(({ name }) => name)).toEqual(Array.from({ length: 12 }, () => 'CA'));
});

test('samples and reference are one file each; the reference is the training data', async () => {
  using folder = temporaryFolder();
  const into = folder.in('out');
  const trajectory = { what: 'trajectory', format: 'trr' } as const;
  expect(await exported(sample.run, into, { ...trajectory, set: 'samples', stride: 1000 })).toEqual([
    'alanine-dipeptide-samples-beads.pdb',
    'alanine-dipeptide-samples.trr',
  ]);
  await exported(sample.run, into, { ...trajectory, set: 'reference', stride: 3000 });
  const found = await framesIn(folder.in('out/alanine-dipeptide-reference.trr'));
  expect(found.map(({ time }) => time)).toEqual([0.5, 1500.5, 3000.5, 4500.5]);
  const whole = await framesIn(sample.trajectory);
  for (const [i, { positions }] of found.entries()) {
    const atoms = whole[3000 * i]!.positions;
    const between = (p: ArrayLike<number>, a: number, b: number) =>
      Math.hypot(...[0, 1, 2].map((axis) => p[3 * a + axis]! - p[3 * b + axis]!));
    expect(between(positions, 0, 4)).toBeCloseTo(between(atoms, 4, 16), 5);
  }
});

test('chosen structures: a model for each, a table of where they are from, and all atoms where they are known', async () => {
  using folder = temporaryFolder();
  const into = folder.in('out');
  const frames = [{ frame: 3 }, { frame: 800 }, { frame: 11_999 }];
  const files = await exported(sample.run, into, { what: 'structures', set: 'reference', frames });
  expect(files).toEqual([
    'alanine-dipeptide-reference-3-structures.pdb',
    'alanine-dipeptide-reference-3-structures-all-atoms.pdb',
    'alanine-dipeptide-reference-3-structures.csv',
  ]);
  await using beads = await openMolecule(join(into, files[0]!));
  await using all = await openMolecule(join(into, files[1]!));
  expect([beads.topology!.atoms.length, beads.trajectory!.frames]).toEqual([5, 3]);
  expect([all.topology!.atoms.length, all.trajectory!.frames]).toEqual([22, 3]);
  const table = readFileSync(join(into, files[2]!), 'utf8');
  expect(table.split('\n')[0]).toBe('model,frame,time (ps),φ (°),ψ (°)');
  const { columns, values } = decodeCsv(table, 'table.csv');
  expect([0, 1, 2].map((row) => values[row * columns.length + 1])).toEqual([4, 801, 12_000]);
  const one = await exported(sample.run, into, {
    what: 'structures',
    set: 'simulation',
    frames: [{ frame: 3, replica: 4 }],
  });
  expect(one[0]).toBe('alanine-dipeptide-simulation-replica-5-frame-4.pdb');
  const [stored] = (await framesIn(join(sample.run, 'simulation-004.xtc'))).slice(3);
  const [model] = await framesIn(join(into, one[0]!));
  for (let k = 0; k < 15; k++) expect(model!.positions[k]).toBeCloseTo(stored!.positions[k]!, 3);
});

test('figures of the last evaluation are copied; where something was made since, they are drawn again', async () => {
  using folder = temporaryFolder();
  const copied = await exported(sample.run, folder.in('out'), { what: 'figures' });
  expect(copied).toContain('alanine-dipeptide-free-energy.svg');
  expect(copied).toContain('alanine-dipeptide-free-energy.csv');
  for (const name of ['free-energy.svg', 'residual.csv']) {
    const [one, other] = [join(sample.run, 'figures', name), folder.in(`out/alanine-dipeptide-${name}`)];
    expect(readFileSync(other, 'utf8')).toBe(readFileSync(one, 'utf8'));
  }
  const run = folder.in('toy');
  await madeToy(run, 'double-well-2d');
  const drawn = await exported(run, folder.in('out'), { what: 'figures' });
  expect(drawn).toEqual(
    ['free-energy', 'profiles', 'trajectory'].flatMap((name) => [`toy-${name}.svg`, `toy-${name}.csv`]),
  );
  expect(existsSync(join(run, 'figures'))).toBe(false);
});

test('a report is one page that holds everything and runs nothing', async () => {
  using folder = temporaryFolder();
  const run = folder.in('run');
  const name = '<script>alert(1)</script> & "a"';
  await madeChain(run, folder.in('a'), 4, ['samples', 'simulation'], { name });
  mkdirSync(join(run, 'figures'));
  writeFileSync(
    join(run, 'figures', 'profiles.svg'),
    '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(2)</script></svg>',
  );
  writeFileSync(join(run, 'figures', 'profiles.csv'), 'x\n1\n');
  const floor = { pmf: 0.5, js: 0.01, jsPooled: 0.01, bonds: 0.001, largestBond: 0.002 };
  writeFileSync(
    join(run, 'metrics.json'),
    JSON.stringify({ iid: { ...floor, pmf: 0.4 }, sim: null, consistency: null, floor }),
  );
  const [file] = await exported(run, folder.in('out'), { what: 'report' });
  expect(file).toBe('script-alert-1-script-a-report.html');
  const page = readFileSync(folder.in(`out/${file}`), 'utf8');
  expect(page).not.toContain('<script');
  expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;a&quot;');
  expect(page).toContain("default-src 'none'");
  expect(page).toContain('<td>0.400 ≈</td>');
  expect(page).toContain('system.temperature');
  expect([...page.matchAll(/(?:src|href)="([^"]{0,20})/g)].map(([, value]) => value!.slice(0, 14))).toEqual([
    'data:image/svg',
  ]);
  // Nobody else's folders are in what is handed on.
  expect(page).not.toContain(folder.path);
});

test('the report of a run that was evaluated at equal count says how good it is, in words and tables', async () => {
  using folder = temporaryFolder();
  const [file] = await exported(sample.run, folder.in('out'), { what: 'report' });
  const page = readFileSync(folder.in(`out/${file}`), 'utf8');
  expect(page).toMatch(/<p>Samples: as good as 5,000 independent frames allow \(\d\.\d+ ± \d\.\d+ × the noise floor\)/);
  expect(page).toContain('<th scope="row">φ &gt; 0</th>');
  expect(page).toContain('<th scope="row">samples vs reference</th><td>5,000</td>');
  expect(page).toMatch(/<th scope="row">samples per second<\/th><td>\d+<\/td>/);
  expect(page).toMatch(/<th scope="row">bonds off by<\/th><td>0\.07\d pm, worst 0\.0\d+ pm \(0\.064 pm\)<\/td>/);
});

test('a report says what was chosen for the data, how the rounds of training went, and why they ended', async () => {
  using folder = temporaryFolder();
  const run = folder.in('run');
  await madeChain(run, folder.in('a'), 4, ['samples'], {});
  const record = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'));
  const rounds = [
    { seconds: 30, ratio: 2.345, ratioError: 0.1 },
    { seconds: 90, ratio: null, ratioError: null },
  ];
  const choice = { minutes: 0, sentence: 'Chosen: <one energy>.', rounds, ending: 'Training ended after 90 s.' };
  writeFileSync(join(run, 'run.json'), JSON.stringify({ ...record, choice }));
  const [file] = await exported(run, folder.in('out'), { what: 'report' });
  const page = readFileSync(folder.in(`out/${file}`), 'utf8');
  expect(page).toContain('<p>Chosen: &lt;one energy&gt;.</p>');
  expect(page).toMatch(/<th scope="row">1<\/th><td>30\.0 s<\/td><td>2\.3[45] ± 0\.10<\/td>/);
  expect(page).toMatch(/<th scope="row">2<\/th><td>2 min<\/td><td>–<\/td>/);
  expect(page).toContain('<p>Training ended after 90 s.</p>');
});

test('a report says what a simulation is worth, and that it has no times where torsions were turned', async () => {
  using folder = temporaryFolder();
  const run = folder.in('run');
  const simulate = { replicas: 3, steps: 40, stride: 10, torsionMoves: 2, torsionMovesEvery: 5 };
  await madeChain(run, folder.in('a'), 4, ['samples', 'simulation'], { simulate });
  const floor = { pmf: 0.5, js: 0.01, jsPooled: 0.01, bonds: 0.001, largestBond: 0.002 };
  const one = { label: 'PC 1 <', size: 7.6, framesPerDraw: 1.58, fromCorrelation: 7.6 };
  const effectiveSampleSize = { size: 7.6, frames: 12, variables: [one] };
  writeFileSync(join(run, 'metrics.json'), JSON.stringify({ iid: null, sim: floor, floor, effectiveSampleSize }));
  const record = JSON.parse(readFileSync(join(run, 'run.json'), 'utf8'));
  writeFileSync(join(run, 'run.json'), JSON.stringify({ ...record, torsionAcceptance: 0.0834 }));
  const [file] = await exported(run, folder.in('out'), { what: 'report' });
  const page = readFileSync(folder.in(`out/${file}`), 'utf8');
  expect(page).toContain('The 12 frames of the simulation are worth 8 independent draws (PC 1 &lt;: 8).');
  expect(page).toContain('(2 trials every 5 steps, 8.34 % of them accepted): it samples and is no dynamics.');
});

test('the record repeats the run', async () => {
  using folder = temporaryFolder();
  const files = await exported(sample.run, folder.in('out'), { what: 'record' });
  expect(files).toEqual(['alanine-dipeptide-run.json', 'alanine-dipeptide.yaml']);
  const { specification } = await readRunRecord(sample.run);
  const text = readFileSync(folder.in('out/alanine-dipeptide.yaml'), 'utf8');
  expect(text).toContain('# Runs with: ergodic run alanine-dipeptide.yaml');
  expect(parseSpecification(text, 'a.yaml')).toEqual(specification);
  expect(JSON.parse(readFileSync(folder.in('out/alanine-dipeptide-run.json'), 'utf8'))).toMatchObject({
    specification,
  });
});

test('what is there stays: the next export has another number', async () => {
  using folder = temporaryFolder();
  const into = folder.in('out');
  mkdirSync(into);
  writeFileSync(join(into, 'Alanine-Dipeptide.YAML'), 'mine');
  const record = () => exported(sample.run, into, { what: 'record' });
  expect(await record()).toEqual(['alanine-dipeptide-2-run.json', 'alanine-dipeptide-2.yaml']);
  expect(await record()).toEqual(['alanine-dipeptide-3-run.json', 'alanine-dipeptide-3.yaml']);
  expect(readFileSync(join(into, 'Alanine-Dipeptide.YAML'), 'utf8')).toBe('mine');
});

test('an export that is stopped, or fails, leaves nothing', async () => {
  using folder = temporaryFolder();
  const run = folder.in('run');
  await madeChain(run, folder.in('a'), 4);
  const stopping = new Listener(({ done }, stop) => done >= 4 && stop.abort(new Error('enough')));
  const trajectory = { what: 'trajectory', set: 'simulation', format: 'xtc', stride: 1 } as const;
  await expect(exported(run, folder.in('out'), trajectory, stopping)).rejects.toThrow('enough');
  expect(readdirSync(folder.in('out'))).toEqual([]);
  const frames = [
    { frame: 0, replica: 0 },
    { frame: 9, replica: 0 },
  ];
  await expect(exported(run, folder.in('out'), { what: 'structures', set: 'simulation', frames })).rejects.toThrow(
    'There is no frame 10 in replica 1 of the simulation',
  );
  expect(readdirSync(folder.in('out'))).toEqual([]);
});

test('what cannot be exported is a sentence', async () => {
  using folder = temporaryFolder();
  await madeToy(folder.in('toy'), 'double-well-2d');
  await madeChain(folder.in('begun'), folder.in('a'), 4, []);
  const trajectory = { what: 'trajectory', set: 'samples', format: 'xtc', stride: 1 } as const;
  await expect(exported(folder.in('toy'), folder.in('out'), trajectory)).rejects.toThrow('without a structure');
  await expect(exported(folder.in('begun'), folder.in('out'), trajectory)).rejects.toThrow('There are no samples');
  await expect(
    exportRun({ run: 'r', what: 'record' }, { folder: sample.run }, folder.in('nowhere'), new Listener()),
  ).rejects.toThrow('does not exist');
});

test('names of files hold nothing that a disk would not take', async () => {
  expect(fileStem('Müller–Brown, α = 10⁻³')).toBe('Müller-Brown-α-10-³');
  expect(fileStem('../../etc/passwd')).toBe('etc-passwd');
  expect(fileStem('   ')).toBe('run');
  expect(fileStem('CON')).toBe('run');
  expect(Array.from(fileStem('x'.repeat(500)))).toHaveLength(80);
  using folder = temporaryFolder();
  writeFileSync(folder.in('a.pdb'), '');
  writeFileSync(folder.in('a-2.csv'), '');
  expect(await freeStem(folder.path, 'a', (stem) => [`${stem}.pdb`, `${stem}.csv`])).toBe('a-3');
});
