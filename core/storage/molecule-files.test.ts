import { copyFileSync, existsSync, readdirSync, readlinkSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { ErgodicError } from '../errors.ts';
import { encodeNpy } from '../formats/npy.ts';
import { xtcWriter } from '../formats/xtc.ts';
import { Listener, temporaryFolder } from '../runs/small-run.test-support.ts';
import { checkPair, framesOf, openMolecule, openStructure, openTrajectory } from './molecule-files.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const fixture = (name: string) => fileURLToPath(new URL(`../formats/fixtures/${name}`, import.meta.url));

function trajectory(name: string, atoms: number, frames: number): string {
  const writer = xtcWriter({ atoms });
  const positions = new Float32Array(3 * atoms);
  writeFileSync(folder.in(name), Buffer.concat(Array.from({ length: frames }, () => writer.frame({ positions }))));
  return folder.in(name);
}

test('a trajectory of other atoms than its structure is refused', async () => {
  await using structure = await openStructure(fixture('mdtraj.pdb'));
  await using right = await openTrajectory(trajectory('right.xtc', 22, 2));
  await using wrong = await openTrajectory(trajectory('traj.xtc', 24, 2));
  expect(() => checkPair(structure, right)).not.toThrow();
  expect(() => checkPair({ ...structure, path: 'model.pdb' }, { ...wrong, path: 'traj.xtc' })).toThrow(
    new ErgodicError('`traj.xtc` has 24 atoms per frame, `model.pdb` has 22: choose the structure that belongs to it.'),
  );
});

test.each(['mdtraj.pdb', 'openmm.cif', 'gromacs.gro', 'ase.xyz', 'md17.npz'])(
  '%s says what its atoms are and has conformations',
  async (name) => {
    await using file = await openStructure(fixture(name));
    const { atoms, frames } = file.trajectory!;
    expect(file.topology.atoms).toHaveLength(atoms);
    expect(frames).toBeGreaterThan(0);
    await using conformations = await openTrajectory(fixture(name));
    expect(await conformations.reader.frame(0)).toEqual(await file.trajectory!.frame(0));
  },
);

test.each([
  ['mdtraj.xtc', 'XTC'],
  ['mdtraj.trr', 'TRR'],
  ['mdtraj.dcd', 'DCD'],
  ['mdtraj.nc', 'NetCDF'],
  ['numpy.npy', 'NPY'],
])('%s has conformations and no names', async (name, format) => {
  await using file = await openMolecule(fixture(name));
  expect(file).toMatchObject({ format, topology: undefined });
  expect(file.trajectory!.frames).toBeGreaterThan(1);
  await expect(openStructure(fixture(name))).rejects.toThrow(
    `\`${fixture(name)}\` is ${format}, which does not say what the atoms are: name a structure file`,
  );
});

test('an array of three axes is a trajectory, any other is none', async () => {
  writeFileSync(folder.in('toy.npy'), encodeNpy({ shape: [4, 2], data: new Float32Array(8) }));
  await expect(openTrajectory(folder.in('toy.npy'))).rejects.toThrow(ErgodicError);
});

test('a file of names only is no trajectory', async () => {
  const psf = folder.in('names.psf');
  const atom = '       1 A    1    ALA  CA   CT1    0.070000       12.0110           0\n';
  writeFileSync(psf, `PSF\n\n       1 !NTITLE\n REMARKS\n\n       1 !NATOM\n${atom}\n       0 !NBOND: bonds\n\n`);
  await using structure = await openStructure(psf);
  expect(structure.topology.atoms).toHaveLength(1);
  expect(structure.trajectory).toBeUndefined();
  await expect(openTrajectory(psf)).rejects.toThrow(`\`${psf}\` (PSF) holds no positions: name a trajectory.`);
});

test.each([
  ['traj.xct', '`traj.xct` has no ending of a known format; did you mean `.xtc`?'],
  ['model.PBD', '`model.PBD` has no ending of a known format; did you mean `.pdb`?'],
  ['model.pdb.gz', '`model.pdb.gz` is compressed: unpack it first.'],
  ['notes.docx', /^`notes.docx` has no ending of a known format; .pdb, .cif, .*\.npz are read here\.$/],
  ['model', /^`model` has no ending of a known format; .pdb, /],
])('%s: what could be meant', async (name, sentence) => {
  const opening = openMolecule(name);
  await expect(opening).rejects.toThrow(ErgodicError);
  await expect(opening).rejects.toThrow(sentence);
});

test('endings count in any case', async () => {
  copyFileSync(fixture('mdtraj.pdb'), folder.in('MODEL.PDB'));
  await using file = await openStructure(folder.in('MODEL.PDB'));
  expect(file.topology.atoms).toHaveLength(22);
});

test('a file that could not be read is closed again', async (context) => {
  const descriptors = '/proc/self/fd';
  context.skip(!existsSync(descriptors), 'open files cannot be listed here');
  const broken = folder.in('broken.xtc');
  writeFileSync(broken, 'nothing of the kind');
  await expect(openMolecule(broken)).rejects.toThrow(/is no XTC file/);
  await expect(openTrajectory(folder.in('names.psf'))).rejects.toThrow(/holds no positions/);
  const open = readdirSync(descriptors).map((name) => {
    try {
      return readlinkSync(`${descriptors}/${name}`);
    } catch {
      return '';
    }
  });
  expect(open.filter((path) => path.startsWith(folder.path))).toEqual([]);
});

test('a task sees how far the scan of a long file is, is not ended by it, and can stop it', async () => {
  const writer = xtcWriter({ atoms: 10_000 });
  const frame = writer.frame({ positions: Float32Array.from({ length: 30_000 }, (_, i) => Math.sin(i)) });
  const long = folder.in('long.xtc');
  writeFileSync(long, Buffer.concat(new Array(100).fill(frame)));
  const megabytes = (100 * frame.length) / 1e6;
  const listener = new Listener();
  await using file = await openMolecule(long, listener.task('scanning'));
  const reports = listener.reports.get('scanning')!;
  expect(file.bytes).toBe(100 * frame.length);
  expect(reports.length).toBeGreaterThan(2);
  for (const { done, total, unit } of reports) {
    expect({ total, unit }).toEqual({ total: megabytes, unit: 'MB' });
    expect(done).toBeLessThan(total);
  }
  const impatient = new Listener(({ done }, stop) => done > 2 && stop.abort(new ErgodicError('Enough.')));
  await expect(openMolecule(long, impatient.task('scanning'))).rejects.toThrow('Enough.');
});

test('frames at a stride', async () => {
  await using file = await openTrajectory(fixture('gromacs.gro'));
  const times = async (stride: number) => {
    const found: (number | undefined)[] = [];
    for await (const { time } of framesOf(file, stride)) found.push(time);
    return found;
  };
  expect(await times(1)).toEqual([1, 1.2, 1.4]);
  expect(await times(2)).toEqual([1, 1.4]);
  expect(await times(3)).toEqual([1]);
});
