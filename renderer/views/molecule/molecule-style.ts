/**
 * How a molecule is drawn: which NGL representations make up a style, and which style a structure gets when nobody has
 * chosen one. Beads have no chemistry to go by: balls and tubes along their bonds; a chain of Cα beads is a trace.
 * Sizes are Å. Not here: the stage that draws it (molecule-stage.ts).
 */
import type { Structure } from '../../../core/host/contract.ts';
import { atomLines } from './molecule-text.ts';

export const moleculeStyles = {
  auto: 'Automatic',
  beads: 'Balls and tubes',
  trace: 'Trace',
  cartoon: 'Cartoon',
  'ball+stick': 'Ball and stick',
  licorice: 'Licorice',
  spacefill: 'Space filling',
  line: 'Lines',
} as const;

export type MoleculeStyle = keyof typeof moleculeStyles;
export type DrawnStyle = Exclude<MoleculeStyle, 'auto'>;

export interface Representation {
  readonly name: string;
  readonly parameters: Record<string, unknown>;
}

/** What the choice of a style goes by. */
export interface MoleculeKind {
  readonly atoms: number;
  readonly residues: number;
  /** Every atom is a Cα: one bead for each residue. */
  readonly alphaCarbons: boolean;
  readonly coarse: boolean;
}

/** A cartoon of fewer residues shows nothing but its ends. */
const SMALLEST_CARTOON = 12;
const SMALLEST_TRACE = 4;
/** More residues are drawn thinner: they would hide each other, and a software rasteriser pays for every pixel. */
const LONG_CHAIN = 60;

export function kindOf({ pdb, coarse }: Structure): MoleculeKind {
  const residues = new Set<string>();
  let atoms = 0;
  let alphas = 0;
  for (const line of atomLines(pdb)) {
    atoms++;
    if (line.slice(12, 16) === ' CA ') alphas++;
    residues.add(line.slice(17, 27));
  }
  return { atoms, residues: residues.size, alphaCarbons: atoms > 0 && alphas === atoms, coarse };
}

export function styleFor(kind: MoleculeKind): DrawnStyle {
  if (kind.alphaCarbons && kind.residues >= SMALLEST_TRACE) return 'trace';
  if (kind.coarse) return 'beads';
  return kind.residues >= SMALLEST_CARTOON && kind.atoms > 4 * kind.residues ? 'cartoon' : 'ball+stick';
}

/** Colours of elements, with a grey for carbon that stands out from a light and from a dark ground. */
const byElement = { colorScheme: 'element', colorValue: '#8b95a5' };
/** From the first residue to the last. */
const alongChain = { colorScheme: 'residueindex', colorScale: ['#2f6fd0', '#22a3a0', '#8fbf3f', '#e8a33d', '#d1495b'] };

const WATER_AND_IONS = 'water or ion';

export function representationsOf(style: DrawnStyle, kind: MoleculeKind): Representation[] {
  switch (style) {
    case 'beads': {
      const colour = kind.alphaCarbons ? alongChain : byElement;
      return [{ name: 'ball+stick', parameters: { ...colour, radiusType: 'size', radiusSize: 0.2, aspectRatio: 2.3 } }];
    }
    case 'trace': {
      const radiusSize = kind.residues > LONG_CHAIN ? 0.32 : 0.55;
      return [{ name: 'ball+stick', parameters: { ...alongChain, radiusType: 'size', radiusSize, aspectRatio: 1.45 } }];
    }
    case 'cartoon':
      return [
        { name: 'cartoon', parameters: { ...alongChain, sele: 'polymer' } },
        { name: 'licorice', parameters: { ...byElement, sele: `not polymer and not (${WATER_AND_IONS})` } },
        { name: 'line', parameters: { ...byElement, sele: 'water', opacity: 0.5 } },
        { name: 'spacefill', parameters: { ...byElement, sele: 'ion', radiusScale: 0.5 } },
      ];
    case 'ball+stick':
      return [
        {
          name: 'ball+stick',
          parameters: { ...byElement, sele: 'not water', radiusType: 'size', radiusSize: 0.14, aspectRatio: 2.1 },
        },
        { name: 'line', parameters: { ...byElement, sele: 'water', opacity: 0.5 } },
      ];
    case 'licorice':
      return [{ name: 'licorice', parameters: { ...byElement, radiusType: 'size', radiusSize: 0.2 } }];
    case 'spacefill':
      return [{ name: 'spacefill', parameters: byElement }];
    case 'line':
      return [{ name: 'line', parameters: { ...byElement, linewidth: 2 } }];
  }
}
