/**
 * The molecules of a topology, that is atoms connected by bonds, and their way through a periodic cell: a molecule that
 * the faces of the cell cut into pieces is made whole, whole ones are gathered around a point. In place, nm, any cell.
 */
import type { Cell } from './periodic/cell.ts';
import { latticeOf, minimumImage } from './periodic/lattice.ts';
import { residueAtoms } from './residue-atoms.ts';
import { residueKind } from './residues.ts';
import type { Topology } from './topology.ts';

export interface Molecules {
  /** Indices of atoms, molecule after molecule; each stands after the atom it hangs on. */
  readonly members: Uint32Array;
  /** For each member the bonded atom it hangs on; the first of a molecule hangs on itself. */
  readonly anchors: Uint32Array;
  /** Where each molecule begins in `members`, and at last their number. */
  readonly begin: Uint32Array;
}

/** In the order of their first atoms. Bonds are those of the topology: `withBonds` comes first (bonds.ts). */
export function moleculesOf(topology: Topology): Molecules {
  const size = topology.atoms.length;
  const { first, neighbours } = adjacency(topology);
  const members = new Uint32Array(size);
  const anchors = new Uint32Array(size);
  const seen = new Uint8Array(size);
  const begin: number[] = [];
  let count = 0;
  for (let root = 0; root < size; root++) {
    if (seen[root]) continue;
    begin.push(count);
    members[count] = root;
    anchors[count++] = root;
    seen[root] = 1;
    for (let next = begin.at(-1)!; next < count; next++) {
      const index = members[next]!;
      for (let at = first[index]!; at < first[index + 1]!; at++) {
        const neighbour = neighbours[at]!;
        if (seen[neighbour]) continue;
        seen[neighbour] = 1;
        members[count] = neighbour;
        anchors[count++] = index;
      }
    }
  }
  begin.push(count);
  return { members, anchors, begin: Uint32Array.from(begin) };
}

/** Bonded neighbours of each atom: those of atom p are `neighbours[first[p] … first[p + 1]]`. */
function adjacency(topology: Topology): { first: Uint32Array; neighbours: Uint32Array } {
  const pairs = [...topology.bonds, ...sitesOfWater(topology)];
  const first = new Uint32Array(topology.atoms.length + 1);
  for (const [i, j] of pairs) {
    first[i + 1]! += 1;
    first[j + 1]! += 1;
  }
  for (let index = 0; index < topology.atoms.length; index++) first[index + 1]! += first[index]!;
  const next = first.slice();
  const neighbours = new Uint32Array(2 * pairs.length);
  for (const [i, j] of pairs) {
    neighbours[next[i]!++] = j;
    neighbours[next[j]!++] = i;
  }
  return { first, neighbours };
}

/** Water models have sites that are no atoms and have no bonds ("MW"), but go where their oxygen goes. */
function sitesOfWater(topology: Topology): [number, number][] {
  const span = residueAtoms(topology);
  return topology.residues.flatMap(({ name }, residue) => {
    if (residueKind(name) !== 'water') return [];
    const indices = Array.from(
      { length: span.end[residue]! - span.start[residue]! },
      (_, k) => span.start[residue]! + k,
    );
    const oxygens = indices.filter((index) => topology.atoms[index]!.element === 'O');
    if (oxygens.length !== 1) return [];
    return indices
      .filter((index) => topology.atoms[index]!.element === '')
      .map((index): [number, number] => [oxygens[0]!, index]);
  });
}

/** Those that hold any of these atoms. */
export function moleculesWith({ members, anchors, begin }: Molecules, indices: Iterable<number>): Molecules {
  const wanted = new Set(indices);
  const kept: { from: number; to: number }[] = [];
  for (let molecule = 0; molecule + 1 < begin.length; molecule++) {
    const [from, to] = [begin[molecule]!, begin[molecule + 1]!];
    if (members.subarray(from, to).some((index) => wanted.has(index))) kept.push({ from, to });
  }
  const size = kept.reduce((sum, { from, to }) => sum + to - from, 0);
  const chosen = { members: new Uint32Array(size), anchors: new Uint32Array(size), begin: [0] };
  for (const { from, to } of kept) {
    const at = chosen.begin.at(-1)!;
    chosen.members.set(members.subarray(from, to), at);
    chosen.anchors.set(anchors.subarray(from, to), at);
    chosen.begin.push(at + to - from);
  }
  return { ...chosen, begin: Uint32Array.from(chosen.begin) };
}

/** Makes every molecule whole. Atoms that are in the right image keep their very numbers. */
export function unwrap({ members, anchors }: Molecules, positions: Float32Array | Float64Array, cell?: Cell): void {
  const lattice = latticeOf(cell);
  if (!lattice) return;
  const nearest = minimumImage(lattice);
  const between = new Float64Array(3);
  for (let member = 0; member < members.length; member++) {
    const [from, to] = [3 * anchors[member]!, 3 * members[member]!];
    if (from === to) continue;
    for (let axis = 0; axis < 3; axis++) between[axis] = positions[to + axis]! - positions[from + axis]!;
    const [x, y, z] = between as unknown as [number, number, number];
    nearest(between);
    if (between[0] !== x) positions[to]! += between[0]! - x;
    if (between[1] !== y) positions[to + 1]! += between[1]! - y;
    if (between[2] !== z) positions[to + 2]! += between[2]! - z;
  }
}

/** Moves every molecule, whole already, to the image whose centre of geometry is nearest to a point. */
export function gather(
  { members, begin }: Molecules,
  positions: Float32Array | Float64Array,
  cell: Cell | undefined,
  point: ArrayLike<number>,
): void {
  const lattice = latticeOf(cell);
  if (!lattice) return;
  const nearest = minimumImage(lattice);
  const away = new Float64Array(3);
  for (let molecule = 0; molecule + 1 < begin.length; molecule++) {
    const own = members.subarray(begin[molecule]!, begin[molecule + 1]!);
    away.fill(0);
    for (const index of own) for (let axis = 0; axis < 3; axis++) away[axis]! += positions[3 * index + axis]!;
    for (let axis = 0; axis < 3; axis++) away[axis] = away[axis]! / own.length - point[axis]!;
    const before = away.slice();
    nearest(away);
    for (let axis = 0; axis < 3; axis++) {
      const shift = away[axis]! - before[axis]!;
      if (shift !== 0) for (const index of own) positions[3 * index + axis]! += shift;
    }
  }
}
