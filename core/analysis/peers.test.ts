/**
 * Measures of conformations against mdtraj and, where it is missing, against other formulas in NumPy, on random frames
 * and on equilibrium frames of alanine dipeptide; matrices, PCA and TICA against NumPy's own eigenvalues.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { askPython } from '../../build/python-peers.ts';
import { decodeNpy, encodeNpy } from '../formats/npy.ts';
import { cellFromShape } from '../systems/periodic/cell.ts';
import { gaussianSource } from '../systems/toys/gaussian.ts';
import { beadDistances } from './coordinates/features.ts';
import { project } from './coordinates/linear-projection.ts';
import { PcaFit } from './coordinates/pca.ts';
import { TicaFit } from './coordinates/tica.ts';
import { type Conformations, conformations, frameAt } from './geometry/conformations.ts';
import { contactMap } from './geometry/contact-map.ts';
import { dihedrals } from './geometry/dihedrals.ts';
import { distances } from './geometry/distances.ts';
import { rmsd } from './geometry/rmsd.ts';

const DATA = resolve('../shared/data/aldp/reference.npz');
const CELLS = {
  box: [1.1, 0, 0, 0, 0.9, 0, 0, 0, 1.4],
  skewed: cellFromShape({ lengths: [1.2, 1.3, 1.1], angles: [70, 105, 60] })!,
};
const PAIRS = [
  [0, 1],
  [3, 7],
  [5, 2],
] as const;
const TRIPLES = [
  [0, 1, 2],
  [7, 3, 5],
] as const;
const QUADRUPLES = [
  [0, 1, 2, 3],
  [4, 6, 5, 7],
] as const;
const MASSES = [12, 1, 16, 14, 1, 1, 12, 32];
const LAG = 3;

interface Answer {
  readonly dihedrals: number[][];
  readonly distances: number[][];
  readonly periodic: Record<keyof typeof CELLS, number[][]>;
  readonly rmsd: number[];
  /** With masses. */
  readonly contacts: number[];
}

interface Answers {
  readonly peer: 'mdtraj' | 'numpy';
  readonly sets: Record<string, Answer>;
  readonly pca: { variances: number[]; first: number[] };
  readonly tica: { eigenvalues: number[]; first: number[] };
}

const SCRIPT = `
import json, os
folder, data = sys.argv[1], sys.argv[2]
ask = json.load(open(os.path.join(folder, 'ask.json')))
try:
    import mdtraj
except ImportError:
    mdtraj = None
pairs, triples, quadruples = [numpy.array(ask[k]) for k in ('pairs', 'triples', 'quadruples')]
masses = numpy.array(ask['masses'], dtype=float)

def plain(x):
    x = x.astype(float)
    def dihedral(a, b, c, d):
        # Components of the outer bonds across the middle one, and the angle between them.
        axis = (c - b) / numpy.linalg.norm(c - b, axis=-1, keepdims=True)
        p = (a - b) - ((a - b) * axis).sum(-1, keepdims=True) * axis
        q = (d - c) - ((d - c) * axis).sum(-1, keepdims=True) * axis
        return numpy.arctan2((numpy.cross(axis, p) * q).sum(-1), (p * q).sum(-1))
    def angle(a, b, c):
        u, v = a - b, c - b
        u = u / numpy.linalg.norm(u, axis=-1, keepdims=True)
        v = v / numpy.linalg.norm(v, axis=-1, keepdims=True)
        return 2 * numpy.arctan2(numpy.linalg.norm(u - v, axis=-1), numpy.linalg.norm(u + v, axis=-1))
    def kabsch(a, b):
        a, b = a - a.mean(0), b - b.mean(0)
        u, s, vt = numpy.linalg.svd(a.T @ b)
        s[-1] *= numpy.sign(numpy.linalg.det(u) * numpy.linalg.det(vt))
        return numpy.sqrt(max(0, ((a * a).sum() + (b * b).sum() - 2 * s.sum()) / len(a)))
    def image(cell):
        d = x[:, pairs[:, 1]] - x[:, pairs[:, 0]]
        steps = numpy.array([(i, j, k) for i in range(-5, 6) for j in range(-5, 6) for k in range(-5, 6)]) @ cell
        return numpy.linalg.norm(d[:, :, None] + steps, axis=-1).min(-1)
    shares = masses / masses.sum()
    from_centre = x - (x * shares[:, None]).sum(1, keepdims=True)
    return dict(
        dihedrals=numpy.stack([dihedral(*[x[:, k] for k in q]) for q in quadruples]),
        distances=numpy.linalg.norm(x[:, pairs[:, 1]] - x[:, pairs[:, 0]], axis=-1).T,
        periodic={name: image(numpy.array(cell).reshape(3, 3)).T for name, cell in ask['cells'].items()},
        rmsd=numpy.array([kabsch(frame, x[0]) for frame in x]),
    )

def by_mdtraj(x):
    topology = mdtraj.Topology()
    chain = topology.add_chain()
    for k in range(x.shape[1]):
        topology.add_atom('C', mdtraj.element.carbon, topology.add_residue('X', chain))
    t = mdtraj.Trajectory(x, topology)
    def image(cell):
        boxed = mdtraj.Trajectory(x, topology)
        boxed.unitcell_vectors = numpy.tile(numpy.array(cell, dtype=numpy.float32).reshape(1, 3, 3), (len(x), 1, 1))
        return mdtraj.compute_distances(boxed, pairs, periodic=True).T
    return dict(
        dihedrals=mdtraj.compute_dihedrals(t, quadruples, periodic=False).T,
        distances=mdtraj.compute_distances(t, pairs, periodic=False).T,
        periodic={name: image(cell) for name, cell in ask['cells'].items()},
        rmsd=mdtraj.rmsd(t, t, 0),
        # mdtraj takes masses, but about the centre of geometry, so only equal ones compare.
    )

def contacts(x):
    d = numpy.linalg.norm(x[:, :, None].astype(float) - x[:, None].astype(float), axis=-1)
    return (d < ask['cutoff']).mean(0).ravel()

def features(x):
    n = x.shape[1]
    return numpy.stack([numpy.linalg.norm(x[:, j].astype(float) - x[:, i], axis=-1)
                        for i in range(n) for j in range(i + 3, n)], axis=1)

def whiten(c):
    s, u = numpy.linalg.eigh(c)
    return u / numpy.sqrt(s)

sets = {'random': numpy.load(os.path.join(folder, 'random.npy'))}
if os.path.exists(data):
    frames = numpy.load(data)['positions'][::100, :8]
    numpy.save(os.path.join(folder, 'dipeptide.npy'), numpy.ascontiguousarray(frames))
    sets['dipeptide'] = frames
answers = {}
for name, x in sets.items():
    answers[name] = dict((by_mdtraj if mdtraj else plain)(x), contacts=contacts(x))

f = features(sets['random'])
variances, vectors = numpy.linalg.eigh(numpy.cov(f.T, bias=True))
first = (f - f.mean(0)) @ vectors[:, -1]
x, y = f[:-${LAG}], f[${LAG}:]
mean = (x.mean(0) + y.mean(0)) / 2
x, y = x - mean, y - mean
c0, ct = (x.T @ x + y.T @ y) / 2 / len(x), (x.T @ y + y.T @ x) / 2 / len(x)
w = whiten(c0)
eigenvalues, turned = numpy.linalg.eigh(w.T @ ct @ w)
slowest = (f - mean) @ w @ turned[:, -1]
print(json.dumps(dict(
    peer='mdtraj' if mdtraj else 'numpy', sets=answers,
    pca=dict(variances=variances[::-1], first=first), tica=dict(eigenvalues=eigenvalues[::-1], first=slowest),
), default=lambda a: a.tolist()))
`;

const next = gaussianSource(17);
const randomFrames = conformations(
  Float32Array.from({ length: 300 * 8 * 3 }, () => 0.7 * next()),
  8,
);

const sets: Record<string, Conformations> = { random: randomFrames };
const folder = mkdtempSync(join(tmpdir(), 'ergodic-'));
let answers: Answers | undefined;
try {
  const { positions, frames, atoms } = randomFrames;
  writeFileSync(
    join(folder, 'random.npy'),
    encodeNpy({ shape: [frames, atoms, 3], data: Float32Array.from(positions) }),
  );
  writeFileSync(
    join(folder, 'ask.json'),
    JSON.stringify({
      pairs: PAIRS,
      triples: TRIPLES,
      quadruples: QUADRUPLES,
      masses: MASSES,
      cells: CELLS,
      cutoff: 0.5,
    }),
  );
  answers = (askPython(['numpy', 'mdtraj'], SCRIPT, folder, DATA) ?? askPython(['numpy'], SCRIPT, folder, DATA)) as
    | Answers
    | undefined;
  const stored = join(folder, 'dipeptide.npy');
  if (existsSync(stored)) sets.dipeptide = conformations(decodeNpy(readFileSync(stored), stored).data, 8);
} finally {
  rmSync(folder, { recursive: true });
}

/** Largest deviation; mdtraj computes in single precision. */
function expectNear(ours: readonly ArrayLike<number>[], theirs: readonly number[][], tolerance: number, turn?: number) {
  expect(ours.length).toBe(theirs.length);
  let worst = 0;
  ours.forEach((values, k) => {
    expect(values.length).toBe(theirs[k]!.length);
    theirs[k]!.forEach((value, i) => {
      const difference = values[i]! - value;
      worst = Math.max(worst, Math.abs(turn ? difference - turn * Math.round(difference / turn) : difference));
    });
  });
  expect(worst).toBeLessThan(tolerance);
}

describe.skipIf(!answers)(`as in Python (${answers?.peer ?? 'not found'})`, () => {
  // Frames of the dipeptide need ../shared/data.
  describe.each(['random', 'dipeptide'])('%s frames', (name) => {
    if (!answers || !sets[name]) return test.skip('are not there', () => {});
    const all = sets[name];
    const theirs = answers.sets[name]!;

    test('dihedrals to a thousandth of a degree', () => {
      expectNear(dihedrals(all, QUADRUPLES), theirs.dihedrals, (1e-3 * Math.PI) / 180, 2 * Math.PI);
    });
    test('distances', () => expectNear(distances(all, PAIRS), theirs.distances, 1e-6));
    test.each(Object.keys(CELLS) as (keyof typeof CELLS)[])('distances in a %s cell', (cell) => {
      expectNear(distances(all, PAIRS, CELLS[cell]), theirs.periodic[cell], 2e-6);
    });
    test('RMSD', () => expectNear([rmsd(all, frameAt(all, 0))], [theirs.rmsd], 1e-5));
    test('contacts', () => {
      const { probability } = contactMap(all, { cutoff: 0.5, separation: 1 });
      theirs.contacts.forEach((share, at) => {
        if (at % 9 === 0) expect(probability[at]).toBeNaN();
        else expect(probability[at]).toBeCloseTo(share, 12);
      });
    });
  });

  test('principal components', () => {
    const fit = new PcaFit(beadDistances(8));
    fit.add(randomFrames);
    const model = fit.result(15);
    expectNear([model.variances], [answers!.pca.variances], 1e-7);
    expectNear([project(model, randomFrames, 1)[0]!], [sameSign(answers!.pca.first, model)], 1e-6);
  });

  test('time-lagged independent components', () => {
    const fit = new TicaFit(beadDistances(8), LAG);
    fit.add(randomFrames);
    const model = fit.result(15);
    expectNear([model.eigenvalues], [answers!.tica.eigenvalues], 1e-6);
    expectNear([project(model, randomFrames, 1)[0]!], [sameSign(answers!.tica.first, model)], 1e-4);
  });

  function sameSign(values: number[], model: Parameters<typeof project>[0]): number[] {
    const ours = project(model, randomFrames, 1)[0]!;
    const sign = Math.sign(values.reduce((sum, value, i) => sum + value * ours[i]!, 0));
    return values.map((value) => sign * value);
  }
});
