/** A made-up molecule of any length: a chain of beads along a helix. */
import type { Structure } from '../../core/host/contract.ts';

/** Cα beads 0.38 nm apart, along a helix. */
export function chain(beads: number): Structure {
  const lines = Array.from({ length: beads }, (_, i) => {
    const [x, y, z] = helix(i).map((value) => (10 * value).toFixed(3).padStart(8));
    const serial = String(i + 1).padStart(5);
    const residue = String(i + 1).padStart(4);
    return `ATOM  ${serial}  CA  ALA A${residue}    ${x}${y}${z}  1.00  0.00           C  `;
  });
  const bonds = Uint32Array.from({ length: 2 * (beads - 1) }, (_, i) => Math.ceil(i / 2));
  return { pdb: `${lines.join('\n')}\nEND\n`, atoms: beads, bonds, coarse: true };
}

/** nm. */
export const helix = (i: number): [number, number, number] => [
  1.5 * Math.cos(i / 4),
  1.5 * Math.sin(i / 4),
  0.02 * i - 3,
];
