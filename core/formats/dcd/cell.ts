/**
 * What the six doubles before a DCD frame mean. Two conventions share one record, and nothing in a file says which:
 *
 * - a, cos γ, b, cos β, cos α, c: NAMD, VMD, OpenMM, LAMMPS, mdtraj; with the angles themselves in degrees instead of
 *   their cosines from NAMD 2.5, chemfiles, MDAnalysis. All of these call themselves CHARMM 24, as VMD does.
 * - xx, xy, yy, xz, yz, zz of the symmetric shape matrix, whose rows are the cell vectors: CHARMM 22 and later.
 *
 * The rule: a version above 25 (chemfiles' limit) is CHARMM itself and its six numbers a matrix, if they can be one:
 * a shape matrix is positive definite, and 90 throughout are right angles. Otherwise three numbers between −1 and 1
 * are cosines (as all readers have it), three angles that span a volume are degrees (as MDAnalysis and VMD have it),
 * and of the rest a matrix is what can be one (MDAnalysis). A rectangular cell is the same in all of them.
 * What a rule cannot know: a matrix with small off-diagonals in a file that calls itself CHARMM 24 is taken for cosines.
 */
import { type Cell, cellFromShape } from '../../systems/periodic/cell.ts';
import { ANGSTROM } from '../../units.ts';

const LAST_VERSION_OF_OTHERS = 25;

/** `numbers` as they stand in the file, Å. Undefined where they span no volume, which is how files say "no cell". */
export function cellOfRecord(numbers: readonly number[], version: number): Cell | undefined {
  const [xx, xy, yy, xz, yz, zz] = numbers as [number, number, number, number, number, number];
  const between = [xy, xz, yz];
  const rightAngles = between.every((value) => value === 90);
  const matrix = [xx, xy, xz, xy, yy, yz, xz, yz, zz];
  if (version > LAST_VERSION_OF_OTHERS && !rightAngles && isPositiveDefinite(matrix)) return inNanometres(matrix);
  const shape = { a: xx, b: yy, c: zz, alpha: yz, beta: xz, gamma: xy };
  if (between.every((value) => Math.abs(value) <= 1)) {
    return cellOf({ ...shape, alpha: degrees(yz), beta: degrees(xz), gamma: degrees(xy) });
  }
  return (between.every((value) => value > 0 && value < 180) ? cellOf(shape) : undefined) ?? matrixOrNone(matrix);
}

const matrixOrNone = (matrix: readonly number[]): Cell | undefined =>
  isPositiveDefinite(matrix) ? inNanometres(matrix) : undefined;

type Shape = Readonly<Record<'a' | 'b' | 'c' | 'alpha' | 'beta' | 'gamma', number>>;

function cellOf({ a, b, c, alpha, beta, gamma }: Shape): Cell | undefined {
  const [x, y, z] = inNanometres([a, b, c]) as [number, number, number];
  return cellFromShape({ lengths: [x, y, z], angles: [alpha, beta, gamma] });
}

/** Through the arc sine, so that 0 becomes 90 to the last bit. */
const degrees = (cosine: number): number => 90 - (Math.asin(cosine) * 180) / Math.PI;

/** Divided by 10, which is rounded once. */
const inNanometres = (values: readonly number[]): number[] => values.map((value) => value / (1 / ANGSTROM));

/** By its leading minors, for a symmetric matrix. */
function isPositiveDefinite([xx, xy, xz, , yy, yz, , , zz]: readonly number[]): boolean {
  const minor = xx! * yy! - xy! * xy!;
  const determinant = xx! * (yy! * zz! - yz! * yz!) - xy! * (xy! * zz! - yz! * xz!) + xz! * (xy! * yz! - yy! * xz!);
  return xx! > 0 && minor > 0 && determinant > 0 && Number.isFinite(determinant);
}
