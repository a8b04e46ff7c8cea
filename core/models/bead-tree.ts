/**
 * Beads placed one after the other, each from three that are there: a length, an angle and a turn. Turns about bonds are
 * free; the other children of a bead are turned against its first one, which is stiff and keeps a centre's handedness.
 * What a tree is made of follows from bonds; means and deviations come from conformations. Not here: tensors
 * (`built-conformations.ts`). Model units, rad.
 */
export type Moments = readonly [mean: number, deviation: number];

/** The angle is that at the parent towards the second bead; the turn is the dihedral about these two from the third. */
export interface PlacedBead {
  readonly bead: number;
  /** Nearest first: none for the first bead of the tree, one for the second, two for the third. */
  readonly from: readonly number[];
  readonly length?: Moments | undefined;
  readonly angle?: Moments | undefined;
  /** Absent where it is free. */
  readonly turn?: Moments | undefined;
}

export type BeadTree = readonly PlacedBead[];

type Placed = Pick<PlacedBead, 'bead' | 'from'>;

/** A turn that spreads more than this is free, rad. */
const FREE = 0.5;
/** Angles nearer to a straight line leave turns undetermined: the sine at least. */
const LEAST_SINE = 0.1;

/** Undefined where bonds do not hold all beads together. Without bonds the beads count as a chain. */
export function placements(beads: number, bonds: readonly (readonly [number, number])[]): Placed[] | undefined {
  const neighbours = Array.from({ length: beads }, () => new Set<number>());
  const chain = Array.from({ length: beads - 1 }, (_, bead) => [bead, bead + 1] as const);
  for (const [a, b] of bonds.length > 0 ? bonds : chain) {
    neighbours[a]!.add(b);
    neighbours[b]!.add(a);
  }
  const sorted = neighbours.map((own) => [...own].sort((a, b) => a - b));
  if (beads === 2)
    return [
      { bead: 0, from: [] },
      { bead: 1, from: [0] },
    ];
  // The middle of the longest arms: the bead whose furthest one is nearest, among those with two neighbours.
  const inside = sorted.flatMap((own, bead) => (own.length > 1 ? [bead] : []));
  const root = inside.toSorted((a, b) => depthFrom(sorted, a) - depthFrom(sorted, b))[0];
  if (root === undefined) return undefined;
  const [second, third] = sorted[root]! as [number, number];
  const parents = new Map<number, number>();
  const firstChild = new Map<number, number>();
  const found: Placed[] = [{ bead: root, from: [] }];
  const place = (bead: number, parent: number) => {
    parents.set(bead, parent);
    found.push({ bead, from: referencesOf(parent) });
    if (!firstChild.has(parent)) firstChild.set(parent, bead);
  };
  const referencesOf = (parent: number): number[] => {
    if (parent === root) return [root, second, third].slice(0, Math.min(found.length, 3));
    const grand = parents.get(parent)!;
    const sibling = firstChild.get(parent);
    if (sibling !== undefined) return [parent, grand, sibling];
    if (grand !== root) return [parent, grand, parents.get(grand)!];
    return [parent, root, parent === second ? third : second];
  };
  const queue = [root];
  const seen = new Set(queue);
  for (let parent = queue.shift(); parent !== undefined; parent = queue.shift()) {
    for (const bead of sorted[parent]!) {
      if (seen.has(bead)) continue;
      seen.add(bead);
      place(bead, parent);
      queue.push(bead);
    }
  }
  return seen.size === beads ? found : undefined;
}

function depthFrom(neighbours: readonly (readonly number[])[], root: number): number {
  const depth = new Map([[root, 0]]);
  for (const bead of depth.keys()) {
    for (const next of neighbours[bead]!) if (!depth.has(next)) depth.set(next, depth.get(bead)! + 1);
  }
  return Math.max(...depth.values());
}

interface Frames {
  readonly count: number;
  at(frame: number): ArrayLike<number>;
}

/** With means and deviations over frames; undefined where three beads in a row are straight. */
export function beadTree(placed: readonly Placed[], { count, at }: Frames): BeadTree | undefined {
  const frames = Math.min(count, MOST_FRAMES);
  const frameAt = (frame: number) => at(Math.floor(((frame + 0.5) * count) / frames));
  const moments = (of: (x: ArrayLike<number>) => number): Moments =>
    momentsOf(Float64Array.from({ length: frames }, (_, frame) => of(frameAt(frame))));
  const tree = placed.map(({ bead, from }): PlacedBead => {
    const [parent, grand, third] = from;
    const length = parent === undefined ? undefined : moments((x) => distance(x, bead, parent));
    const angle = grand === undefined ? undefined : moments((x) => angleAt(x, bead, parent!, grand));
    const turn = third === undefined ? undefined : turnMoments(frames, frameAt, [bead, parent!, grand!, third]);
    return { bead, from, length, angle, turn: turn && turn[1] < FREE ? turn : undefined };
  });
  return tree.every(({ angle }) => !angle || Math.sin(angle[0]) > LEAST_SINE) ? tree : undefined;
}

/** For sizes and costs alone, before there are data. */
export const assumedTree = (placed: readonly Placed[]): BeadTree =>
  placed.map(({ bead, from }) => ({
    bead,
    from,
    ...(from.length > 0 ? { length: [1.4, 0.03] as const } : {}),
    ...(from.length > 1 ? { angle: [1.9, 0.1] as const } : {}),
  }));

const MOST_FRAMES = 10_000;
const LEAST_DEVIATION = 1e-4;

function momentsOf(values: Float64Array): Moments {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return [mean, Math.max(Math.sqrt(square), LEAST_DEVIATION)];
}

/** About the mean direction. */
function turnMoments(
  frames: number,
  frameAt: (frame: number) => ArrayLike<number>,
  [bead, parent, grand, third]: readonly [number, number, number, number],
): Moments {
  const values = Float64Array.from({ length: frames }, (_, frame) =>
    dihedral(frameAt(frame), bead, parent, grand, third),
  );
  const [sine, cosine] = [Math.sin, Math.cos].map((f) => values.reduce((sum, value) => sum + f(value), 0)) as [
    number,
    number,
  ];
  const mean = Math.atan2(sine, cosine);
  const [shift, deviation] = momentsOf(values.map((value) => wrapped(value - mean)));
  return [mean + shift, deviation];
}

export const wrapped = (angle: number): number => angle - 2 * Math.PI * Math.round(angle / (2 * Math.PI));

type Space = readonly [number, number, number];

const between = (x: ArrayLike<number>, from: number, to: number): Space => [
  x[3 * to]! - x[3 * from]!,
  x[3 * to + 1]! - x[3 * from + 1]!,
  x[3 * to + 2]! - x[3 * from + 2]!,
];
const dot = (a: Space, b: Space): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const cross = (a: Space, b: Space): Space => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

export const distance = (x: ArrayLike<number>, a: number, b: number): number => Math.hypot(...between(x, a, b));

/** At the middle bead. */
export function angleAt(x: ArrayLike<number>, a: number, middle: number, b: number): number {
  const [u, v] = [between(x, middle, a), between(x, middle, b)];
  return Math.atan2(Math.hypot(...cross(u, v)), dot(u, v));
}

export function dihedral(x: ArrayLike<number>, a: number, b: number, c: number, d: number): number {
  const [u, v, w] = [between(x, a, b), between(x, b, c), between(x, c, d)];
  const [m, n] = [cross(u, v), cross(v, w)];
  return Math.atan2(Math.hypot(...v) * dot(u, n), dot(m, n));
}
