/**
 * How often two beads are in contact, nearer than a cut-off, and how far apart they are on average, nm. Counted piece by
 * piece, so that a trajectory may be larger than memory. Pairs nearer along the chain than `separation` are blank (NaN):
 * they are always in contact. Frames of stopped replicas do not count. No periodic images: molecules are whole.
 */
import { ErgodicError } from '../../errors.ts';
import type { Conformations } from './conformations.ts';

export interface ContactRule {
  /** nm; a contact is strictly nearer. */
  readonly cutoff: number;
  /** Least distance along the chain, |i − j|. */
  readonly separation: number;
}

export interface ContactMap extends ContactRule {
  readonly atoms: number;
  /** Frames counted. */
  readonly frames: number;
  /** atoms × atoms, symmetric: fraction of the frames with a contact. */
  readonly probability: Float64Array;
  /** atoms × atoms, symmetric: mean distance, nm. */
  readonly distance: Float64Array;
}

/** As usual for Cα beads. */
export const CONTACT_RULE: ContactRule = { cutoff: 0.8, separation: 3 };

export function contactMap(all: Conformations, rule: ContactRule = CONTACT_RULE): ContactMap {
  const count = new ContactCount(all.atoms, rule);
  count.add(all);
  return count.result();
}

export class ContactCount {
  readonly #rule: ContactRule;
  readonly #atoms: number;
  readonly #contacts: Float64Array;
  readonly #sums: Float64Array;
  #frames = 0;

  constructor(atoms: number, rule: ContactRule = CONTACT_RULE) {
    if (!(rule.cutoff > 0)) throw new ErgodicError(`A contact needs a cut-off above 0 nm, not ${rule.cutoff}.`);
    this.#rule = rule;
    this.#atoms = atoms;
    this.#contacts = new Float64Array(atoms * atoms);
    this.#sums = new Float64Array(atoms * atoms);
  }

  add({ positions: r, frames, atoms }: Conformations): void {
    if (atoms !== this.#atoms) throw new ErgodicError(`Frames of ${atoms} atoms among frames of ${this.#atoms}.`);
    const separation = Math.max(1, this.#rule.separation);
    const square = this.#rule.cutoff ** 2;
    const [contacts, sums] = [this.#contacts, this.#sums];
    for (let frame = 0, start = 0; frame < frames; frame++, start += 3 * atoms) {
      if (hasNaN(r, start, start + 3 * atoms)) continue;
      this.#frames++;
      for (let i = 0; i < atoms; i++) {
        const x = r[start + 3 * i]!;
        const y = r[start + 3 * i + 1]!;
        const z = r[start + 3 * i + 2]!;
        for (let j = i + separation; j < atoms; j++) {
          const at = start + 3 * j;
          const dx = r[at]! - x;
          const dy = r[at + 1]! - y;
          const dz = r[at + 2]! - z;
          const distance = dx * dx + dy * dy + dz * dz;
          if (distance < square) contacts[i * atoms + j]! += 1;
          sums[i * atoms + j]! += Math.sqrt(distance);
        }
      }
    }
  }

  result(): ContactMap {
    if (this.#frames === 0) throw new ErgodicError('There are no frames to count contacts in.');
    const average = (counted: Float64Array) =>
      counted.map((_, at) => {
        const [i, j] = [Math.floor(at / this.#atoms), at % this.#atoms];
        if (Math.abs(i - j) < Math.max(1, this.#rule.separation)) return Number.NaN;
        return counted[Math.min(i, j) * this.#atoms + Math.max(i, j)]! / this.#frames;
      });
    return {
      ...this.#rule,
      atoms: this.#atoms,
      frames: this.#frames,
      probability: average(this.#contacts),
      distance: average(this.#sums),
    };
  }
}

function hasNaN(values: ArrayLike<number>, start: number, end: number): boolean {
  for (let i = start; i < end; i++) if (Number.isNaN(values[i]!)) return true;
  return false;
}
