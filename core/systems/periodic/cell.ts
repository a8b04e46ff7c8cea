/**
 * The periodic cell: its three vectors a, b, c as nine numbers, row after row, nm. Files that give lengths and angles
 * instead are turned into vectors in the standard orientation (a along x, b in the xy plane), and back.
 */

/** a, b, c: nine numbers, nm. */
export type Cell = readonly number[];

export interface CellShape {
  /** nm. */
  readonly lengths: readonly [number, number, number];
  /** α (between b and c), β (c, a), γ (a, b), degrees. */
  readonly angles: readonly [number, number, number];
}

const RIGHT = 90;
const cosine = (degrees: number): number => (degrees === RIGHT ? 0 : Math.cos((degrees * Math.PI) / 180));

/** Undefined where lengths or angles span no volume, which is how files say "no cell". */
export function cellFromShape({ lengths: [a, b, c], angles: [alpha, beta, gamma] }: CellShape): Cell | undefined {
  const [cosAlpha, cosBeta, cosGamma] = [cosine(alpha), cosine(beta), cosine(gamma)];
  const sinGamma = Math.sqrt(1 - cosGamma * cosGamma);
  const cx = c * cosBeta;
  const cy = (c * (cosAlpha - cosBeta * cosGamma)) / sinGamma;
  const cz = Math.sqrt(c * c - cx * cx - cy * cy);
  if (!(a > 0 && b > 0 && sinGamma > 0 && cz > 0) || ![a, b, cz].every(Number.isFinite)) return undefined;
  return [a, 0, 0, b * cosGamma, b * sinGamma, 0, cx, cy, cz];
}

export function shapeOfCell(cell: Cell): CellShape {
  const [a, b, c] = [0, 3, 6].map((i) => cell.slice(i, i + 3)) as [number[], number[], number[]];
  const dot = (u: readonly number[], v: readonly number[]) => u[0]! * v[0]! + u[1]! * v[1]! + u[2]! * v[2]!;
  const lengths = [a, b, c].map((v) => Math.sqrt(dot(v, v))) as [number, number, number];
  const angle = (i: number, j: number, d: number) =>
    d === 0 ? RIGHT : (Math.acos(Math.max(-1, Math.min(1, d / (lengths[i]! * lengths[j]!)))) * 180) / Math.PI;
  return { lengths, angles: [angle(1, 2, dot(b, c)), angle(0, 2, dot(a, c)), angle(0, 1, dot(a, b))] };
}
