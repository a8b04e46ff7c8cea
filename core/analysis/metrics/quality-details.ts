/**
 * What a table says of a result apart from its distances in the plane: one row for each measure, and the text of its cell
 * beside that of as many true frames. Numbers are computed elsewhere; tables are made of these in quality-tables.ts.
 */
import type { AtEqualCount } from './equal-count.ts';
import { countText, degrees, percent, picometres, short } from './measure-text.ts';
import type { ShownResult } from './quality-schema.ts';

export interface DetailCell {
  readonly text: string;
  readonly ofTruth?: string;
}

export interface DetailKind {
  readonly title: string;
  /** Undefined, as null: does not apply. */
  readonly of: (result: ShownResult) => DetailCell | null | undefined;
}

/** Which pairs of elements there are depends on the molecule. */
export function detailKinds(results: readonly ShownResult[]): DetailKind[] {
  const structure = results.find((result) => result.structure)?.structure;
  return [
    ...PLANE_AND_BONDS,
    ...(structure?.distances ?? []).map(({ bins }) => distancesIn(bins)),
    ...(structure?.byElements ?? []).map(({ elements }) => distancesOf(elements)),
    ...STRUCTURE,
    { title: 'count as independent frames', of: ({ independent }) => ({ text: roundedCount(independent) }) },
  ];
}

const roundedCount = (count: number): string => countText(Number(count.toPrecision(2)));

const PLANE_AND_BONDS: readonly DetailKind[] = [
  {
    title: 'mass where the reference has nothing',
    of: ({ equalCount: { junk } }) => beside(junk, percent),
  },
  {
    title: 'error from bins that only one visits',
    of: ({ equalCount: { oneSided } }) => beside(oneSided, percent),
  },
  {
    title: 'bonds off by',
    of: ({ equalCount: { bonds }, geometry }) => bonds && beside(bonds, picometres, geometry?.bonds.largest),
  },
  {
    title: 'angles off by',
    of: ({ equalCount: { angles }, geometry }) => angles && beside(angles, degrees, geometry?.angles?.largest),
  },
  {
    title: 'frames with a bond off by more than 15 pm',
    of: ({ geometry }) => geometry && { text: percent(geometry.bondOff), ofTruth: percent(geometry.bondOffReference) },
  },
  {
    title: 'mirror images',
    of: ({ mirror }) => mirror && { text: percent(mirror.fraction), ofTruth: percent(mirror.reference) },
  },
];

const distancesIn = (bins: number): DetailKind => ({
  title: `distances, total variation in ${bins} bins`,
  of: ({ structure }) => inBins(structure?.distances, bins),
});

/** Of the numbers of bins, the one whose bins are 5 pm wide as a rule. */
const BINS_BY_ELEMENTS = 100;

const distancesOf = (elements: string): DetailKind => ({
  title: `${elements} distances, total variation in ${BINS_BY_ELEMENTS} bins`,
  of: ({ structure }) =>
    inBins(structure?.byElements.find((one) => one.elements === elements)?.distances, BINS_BY_ELEMENTS),
});

function inBins(all: readonly (AtEqualCount & { readonly bins: number })[] | undefined, bins: number) {
  const found = all?.find((one) => one.bins === bins);
  return found && beside(found, short);
}

const offBy = (within: AtEqualCount) => beside(within, (fraction) => percent(1 - fraction));

const STRUCTURE: readonly DetailKind[] = [
  {
    title: 'each distance off by (W₂)',
    of: ({ structure }) => structure && beside(structure.pairW2, picometres),
  },
  {
    title: 'all distances together off by (W₂)',
    of: ({ structure }) => structure && beside(structure.pooledW2, picometres),
  },
  {
    title: 'mean bond lengths off by',
    of: ({ structure }) => structure && beside(structure.bondMeans, picometres),
  },
  {
    title: 'widths of bonds, as multiples of the true ones',
    of: ({ structure }) => structure?.bondWidths && beside(structure.bondWidths, (times) => times.toFixed(2)),
  },
  {
    title: 'frames with a bond off by more than 30 pm',
    of: ({ structure }) => structure && offBy(structure.within30),
  },
  {
    title: 'frames with a bond off by more than 50 pm',
    of: ({ structure }) => structure && offBy(structure.within50),
  },
  {
    title: 'torsions, Jensen–Shannon',
    of: ({ structure }) => structure?.torsions && beside(structure.torsions, short),
  },
  {
    title: 'RMSD to the nearest training frame, median',
    of: ({ nearest }) => nearest && { text: picometres(nearest.median), ofTruth: picometres(nearest.reference.median) },
  },
  {
    title: 'RMSD to the nearest training frame, nearest 5 %',
    of: ({ nearest }) =>
      nearest && { text: picometres(nearest.nearest5), ofTruth: picometres(nearest.reference.nearest5) },
  },
];

function beside({ value, floor }: AtEqualCount, text: (value: number) => string, worst?: number): DetailCell {
  return {
    text: worst === undefined ? text(value.mean) : `${text(value.mean)}, worst ${text(worst)}`,
    ofTruth: text(floor.mean),
  };
}
