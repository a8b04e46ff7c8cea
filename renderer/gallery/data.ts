/** The gallery's data in the shapes that a host gives to views. */
import type { Axis, Distribution, Structure, Surface } from '../../core/host/contract.ts';

export interface FileOfMolecule {
  readonly structure: { pdb: string; atoms: number; bonds: number[]; coarse: boolean };
  readonly frames: number[][];
}

/** What the gallery is served. */
export interface FileOfData {
  readonly surfaces: Record<'reference' | 'samples' | 'simulation', (number | null)[]>;
  readonly profiles: {
    axis: string;
    curve: string;
    x: number[];
    energy: (number | null)[];
    error: (number | null)[];
  }[];
  readonly bonds: { name: string; x: number[]; densities: Record<string, number[]> }[];
  readonly residual: { t: number[]; meanAbsR: number[] };
  readonly training: { name: string; x: number[]; y: number[] }[];
  readonly walk: { times: number[]; phi: number[]; psi: number[] };
  readonly beads: FileOfMolecule;
  readonly atoms: FileOfMolecule;
  readonly chain: FileOfMolecule;
  readonly alike: number[][];
  readonly contacts: { first: (number | null)[]; second: (number | null)[]; beads: number };
}

export interface MoleculeData {
  readonly structure: Structure;
  readonly frames: readonly Float32Array[];
}

export interface GalleryData {
  readonly axes: readonly [Axis, Axis];
  readonly surfaces: Record<'reference' | 'samples' | 'simulation', Surface>;
  readonly distributions: readonly Distribution[];
  readonly residual: { t: number[]; meanAbsR: number[] };
  readonly training: FileOfData['training'];
  /** φ, ψ, one after the other, rad. */
  readonly path: Float32Array;
  readonly times: readonly number[];
  readonly beads: MoleculeData;
  readonly atoms: MoleculeData;
  readonly chain: MoleculeData;
  /** Conformations of `atoms` near the first, superposed on it. */
  readonly alike: readonly Float32Array[];
  readonly contacts: { first: Float32Array; second: Float32Array; beads: number };
}

const RAD = Math.PI / 180;
const floats = (values: readonly (number | null)[]): Float32Array<ArrayBuffer> =>
  Float32Array.from(values, (value) => value ?? Number.NaN);
const angle = (label: string): Axis => ({ label, unit: 'rad', limits: [-Math.PI, Math.PI], periodic: true });

export async function readData(): Promise<GalleryData> {
  const file = (await (await fetch('./data.json')).json()) as FileOfData;
  const surface = (set: 'reference' | 'samples' | 'simulation'): Surface => {
    const energy = floats(file.surfaces[set]);
    const side = Math.round(Math.sqrt(energy.length));
    return { bins: [side, side], energy };
  };
  const path = new Float32Array(2 * file.walk.phi.length);
  file.walk.phi.forEach((phi, i) => {
    path.set([phi * RAD, file.walk.psi[i]! * RAD], 2 * i);
  });
  const sets = ['reference', 'samples', 'simulation'] as const;
  return {
    axes: [angle('φ'), angle('ψ')],
    surfaces: { reference: surface('reference'), samples: surface('samples'), simulation: surface('simulation') },
    distributions: sets.map((set) => ({
      set,
      count: 12000,
      surface: surface(set),
      profiles: file.profiles
        .filter(({ curve }) => curve === set)
        .map(({ axis, x, energy, error }) => ({
          axis: axis.startsWith('φ') ? 0 : 1,
          x: x.map((degrees) => degrees * RAD),
          energy: floats(energy),
          error: floats(error),
        })),
      bonds: file.bonds.map(({ name, x, densities }) => ({ name, x, density: densities[set]! })),
    })),
    residual: file.residual,
    training: file.training,
    path,
    times: file.walk.times,
    beads: molecule(file.beads),
    atoms: molecule(file.atoms),
    chain: molecule(file.chain),
    alike: file.alike.map((frame) => Float32Array.from(frame)),
    contacts: {
      first: floats(file.contacts.first),
      second: floats(file.contacts.second),
      beads: file.contacts.beads,
    },
  };
}

const molecule = ({ structure, frames }: FileOfMolecule): MoleculeData => ({
  structure: { ...structure, bonds: Uint32Array.from(structure.bonds) },
  frames: frames.map((frame) => Float32Array.from(frame)),
});
