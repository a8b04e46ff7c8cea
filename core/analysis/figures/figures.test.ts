import { describe, expect, test } from 'vitest';
import { gaussianSource } from '../../systems/toys/gaussian.ts';
import { columns, generateTrajectory } from '../../systems/toys/generate-trajectory.ts';
import { toySystem } from '../../systems/toys/toy-systems.ts';
import { freeEnergy } from '../free-energy/free-energy.ts';
import { freeEnergyProfile } from '../free-energy/free-energy-profile.ts';
import { wrap } from '../free-energy/histogram.ts';
import { anglePlane, toyPlane } from '../free-energy/plane.ts';
import { conformations } from '../geometry/conformations.ts';
import { contactMap } from '../geometry/contact-map.ts';
import { bondDistributions } from './bond-distributions.ts';
import { contactMaps } from './contact-maps.ts';
import { csv } from './csv.ts';
import { freeEnergyMaps } from './free-energy-maps.ts';
import { freeEnergyProfiles } from './free-energy-profiles.ts';
import { contours } from './heat-map.ts';
import { lineChart } from './line-chart.ts';
import { solverCurves } from './solver-curves.ts';
import { type Figure, textWidth } from './svg.ts';
import { trainingCost } from './training-cost.ts';
import { trajectoryScatter } from './trajectory-scatter.ts';

const system = toySystem('mueller-brown');
const run = (seed: number) => columns(generateTrajectory(system, { seed, samples: 5000, burnIn: 20 }));
const [reference, model] = [run(1), run(2)];
const grid = { limits: system.window, bins: 40 };
const surfaces = [reference, model].map((points) => freeEnergy(points, grid, 1));
const LONG = 'a very long & <strange> "name" of a model that nobody could read in one glance, not even twice';
const t = Float64Array.from({ length: 500 }, (_, i) => (i + 0.5) / 500);

function chain(seed: number) {
  const next = gaussianSource(seed);
  return conformations(
    Float32Array.from({ length: 50 * 36 }, (_, i) => 0.12 * Math.floor((i % 36) / 3) + 0.3 * next()),
    12,
  );
}

/** Bonds that are the longer, the later the set and the bond. */
function lengthsOf(bonds: number, set: number): Float64Array[] {
  const next = gaussianSource(set);
  return Array.from({ length: bonds }, (_, bond) =>
    Float64Array.from({ length: 400 }, () => 0.38 + 0.0002 * set * bond + 0.004 * next()),
  );
}

const figures: Record<string, Figure> = {
  maps: freeEnergyMaps({
    title: 'maps',
    axes: [{ label: 'x' }, { label: 'y' }],
    energyUnit: 'kT',
    panels: ['Reference', 'Samples', 'Simulation'].map((title, i) => ({ title, surface: surfaces[i % 2]! })),
    difference: { of: 1, from: 0 },
  }),
  angles: freeEnergyMaps({
    title: 'angles',
    axes: [
      { label: 'φ', unit: 'rad' },
      { label: 'ψ', unit: 'rad' },
    ],
    energyUnit: 'kJ/mol',
    panels: [reference, model].map((points, i) => ({
      title: i ? LONG : 'Reference',
      surface: freeEnergy(points, { limits: anglePlane.limits, bins: 30, periodic: true }, 2.494),
    })),
    difference: { of: 1, from: 0 },
    highest: 12,
  }),
  mixed: freeEnergyMaps({
    title: 'an angle against a distance',
    axes: [{ label: 'φ' }, { label: 'distance', unit: 'nm' }],
    energyUnit: 'kT',
    panels: [
      {
        title: 'Reference',
        surface: freeEnergy(
          reference,
          {
            limits: [anglePlane.limits[0]!, system.window[1]!],
            bins: 30,
            periodic: [true, false],
          },
          1,
        ),
      },
    ],
  }),
  contacts: contactMaps({
    title: 'contacts',
    panels: ['Reference', LONG].map((title, i) => ({ title, contacts: contactMap(chain(i)) })),
    difference: { of: 1, from: 0 },
  }),
  bonds: bondDistributions({
    title: LONG,
    bonds: ['C–N', LONG, 'CA–C'],
    sets: ['reference', LONG, 'simulation'].map((name, i) => ({ name, lengths: lengthsOf(3, i) })),
  }),
  manyBonds: bondDistributions({
    title: 'many bonds',
    bonds: Array.from({ length: 30 }, (_, i) => `${i + 1}–${i + 2}`),
    sets: ['reference', 'samples', 'simulation'].map((name, i) => ({ name, lengths: lengthsOf(30, i) })),
  }),
  oneBond: bondDistributions({
    title: 'a bond of one length',
    bonds: ['O–H'],
    sets: [{ name: 'reference', lengths: [[0.1, 0.1, 0.1]] }],
  }),
  anglesOverTime: lineChart({
    title: 'an angle over time',
    x: { label: 'time', unit: 'ps' },
    y: { label: 'C–N–CA', unit: 'rad' },
    curves: [{ name: 'angle', x: t, y: t.map((v) => 2 + 0.1 * Math.sin(40 * v)) }],
  }),
  profiles: freeEnergyProfiles({
    title: 'profiles',
    energyUnit: 'kJ/mol',
    panels: [0, 1].map((axis) => ({
      axis: { label: 'distance', unit: 'nm' },
      profiles: [reference, model].map((points, i) => ({
        name: i ? LONG : 'reference',
        profile: freeEnergyProfile(points[axis]!, { limits: [system.window[axis]!], bins: 40 }, 2.494),
      })),
    })),
  }),
  residual: lineChart({
    title: 'Fokker–Planck residual',
    x: { label: 't', limits: [0, 1] },
    y: { label: 'mean |R| / D', scale: 'log' },
    boundaries: [0.1, 0.6],
    curves: ['plain', 'Fokker–Planck', LONG, 'experts', 'both'].map((name, k) => ({
      name,
      x: t,
      y: t.map((v) => (k === 3 && v > 0.5 ? 0 : Math.exp(-9 * v * k) + 1e-7)),
      error: t.map((v) => 0.5 * v),
    })),
    levels: [{ name: 'noise floor', value: 0.01 }],
  }),
  steps: lineChart({
    title: 'steps',
    x: { label: 'solver steps', scale: 'log' },
    y: { label: 'free-energy error', unit: 'kT²' },
    curves: [{ name: 'dpm', x: [10, 100, 1000], y: [1.5e6, Number.NaN, 2e6] }],
  }),
  cost: trainingCost({
    title: 'training',
    runs: [
      { kind: 'ours', seconds: 150, samples: 0.3, simulation: 0.4 },
      { kind: LONG, seconds: 75, samples: 3, simulation: undefined },
      { kind: 'ours', seconds: 75, samples: 0.35, simulation: 0.6 },
    ],
    floor: { samples: 0.3, simulation: 0.31 },
  }),
  solvers: solverCurves({
    title: 'solvers',
    points: [25, 50].map((calls) => ({ solver: 'dpm', calls, pmf: 10 / calls, js: 1 / calls, bonds: 1e-4 })),
    floor: { pmf: 0.3, js: 0.02, bonds: 3e-5 },
  }),
  flat: lineChart({
    title: LONG,
    x: { label: 'step' },
    y: { label: LONG },
    curves: [
      { name: 'loss', x: [0, 1], y: [3, 3] },
      { name: 'nothing', x: [], y: [] },
    ],
  }),
  scatter: trajectoryScatter({
    title: 'path',
    plane: toyPlane(system),
    axes: [{ label: 'x' }, { label: 'y' }],
    points: reference,
    time: { label: 'time', unit: 'ps', values: Float64Array.from({ length: 5000 }, (_, i) => i * 100) },
    background: surfaces[0]!,
  }),
};

describe.each(Object.entries(figures))('%s', (_, { svg, csv: table }) => {
  test('is well-formed SVG without a number that is none', () => {
    expect(unclosed(svg)).toEqual([]);
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg"/);
    expect(svg).not.toMatch(/NaN|Infinity|undefined/);
    expect(svg).not.toContain('<strange>');
  });

  test('has no text on text and none beyond the paper', () => {
    const boxes = textBoxes(svg);
    const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg)!.map(Number) as [number, number, number];
    for (const { left, right, top, bottom, content } of boxes) {
      expect(left >= 0 && right <= width && top >= 0 && bottom <= height, content).toBe(true);
    }
    for (const [i, a] of boxes.entries()) {
      for (const b of boxes.slice(i + 1)) {
        const apart = a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
        expect(apart, `"${a.content}" on "${b.content}"`).toBe(true);
      }
    }
  });

  test('has a CSV with units and rows of one length', () => {
    const lines = table.trimEnd().split('\n');
    expect(lines[0]).toMatch(/\([^)]+\)/);
    expect(lines.length).toBeGreaterThan(2);
    const cells = (line: string) => line.replace(/"(?:[^"]|"")*"/g, '').split(',').length;
    for (const line of lines) expect(cells(line)).toBe(cells(lines[0]!));
  });

  test('stays small', () => expect(svg.length).toBeLessThan(250_000));
});

test('the map draws sampled cells and leaves the others to the paper', () => {
  const surface = freeEnergy(
    [
      [0.5, 0.5, 1.5],
      [0.5, 0.5, 1.5],
    ],
    {
      limits: [
        [0, 2],
        [0, 2],
      ],
      bins: 2,
    },
    1,
  );
  const axes = [{ label: 'x' }, { label: 'y' }] as const;
  const { svg, csv: table } = freeEnergyMaps({
    title: 'two',
    axes,
    energyUnit: 'kT',
    panels: [{ title: 'A', surface }],
  });
  expect(svg).toContain('M0 0h1v1h-1z');
  expect(svg).toContain('M1 1h1v1h-1z');
  expect(svg).not.toContain('M0 1h1');
  expect(table).toMatch(/^x \(1\),y \(1\),F A \(kT\)\n0.5,0.5,0\n0.5,1.5,\n1.5,0.5,\n1.5,1.5,0.693147180559945\d\n$/);
});

describe('angles are rad in arrays and degrees in what a person reads', () => {
  test('on the axes and in the columns of maps, whether the axis says rad or only closes', () => {
    for (const name of ['angles', 'mixed']) {
      const { svg, csv: table } = figures[name]!;
      expect(svg).toMatch(/>−180<.*>−90<.*>0<.*>90<.*>180<.*>φ \/ °</);
      expect(table).toMatch(/^φ \(°\),/);
      expect(table.split('\n')[1]).toMatch(/^-174,/);
      expect(svg + table).not.toContain('rad');
    }
    expect(figures.mixed!.csv).toMatch(/^φ \(°\),distance \(nm\),/);
  });

  test('in charts', () => {
    const { svg, csv: table } = figures.anglesOverTime!;
    expect(svg).toMatch(/>110<.*>115<.*>120</);
    expect(svg).toContain('>C–N–CA / °<');
    const [, , first] = table.split('\n')[1]!.split(',').map(Number);
    expect(first).toBeCloseTo(((2 + 0.1 * Math.sin(0.04)) * 180) / Math.PI, 9);
  });
});

test('contour lines run through the edge of a periodic axis, and only there', () => {
  const limits = [
    [-Math.PI, Math.PI],
    [-Math.PI, Math.PI],
  ] as const;
  const next = gaussianSource(4);
  const points = [0, 1].map(() => Float64Array.from({ length: 50_000 }, () => wrap(Math.PI + 0.5 * next(), limits[0])));
  const box = { x: 0, y: 0, width: 200, height: 200 };
  const reaches = (periodic: boolean) => {
    const surface = freeEnergy(points, { limits, bins: 40, periodic }, 1);
    const lines = contours(box, surface, [1], { colour: 'black', opacity: 1 });
    return Math.min(...[...lines.matchAll(/[ML](-?[\d.]+) /g)].map(([, x]) => Number(x)));
  };
  expect(reaches(true)).toBeLessThan(0);
  expect(reaches(false)).toBe(2.5);
});

test('a contact map has a row per pair and leaves near pairs blank', () => {
  const { svg, csv: table } = figures.contacts!;
  const rows = table.trimEnd().split('\n').slice(1);
  expect(rows.length).toBe((9 * 10) / 2);
  expect(rows[0]).toMatch(/^1,4,/);
  expect(svg).toContain('contact: nearer than 0.8 nm, 3 or more apart along the chain');
});

test('bonds that differ most are drawn, each with its distance in picometres; the table has all', () => {
  const { svg, csv: table } = figures.manyBonds!;
  expect(svg).toContain('the 24 of 30 bonds that differ most');
  expect(svg).toContain('>30–31<');
  expect(svg).not.toContain('>2–3<');
  // 2 × 29 × 0.0002 nm, within what 400 lengths tell.
  const numbers = /30–31<\/text>.*?>([\d.]+)<.*?>([\d.]+)</.exec(svg)!;
  expect(Math.abs(Number(numbers[1]) - 11.6)).toBeLessThan(1);
  expect(
    new Set(
      table
        .split('\n')
        .slice(1, -1)
        .map((row) => row.split(',')[0]),
    ).size,
  ).toBe(30);
  const density = table
    .split('\n')
    .slice(1, 61)
    .map((row) => row.split(',').map(Number));
  const width = density[1]![1]! - density[0]![1]!;
  expect(density.reduce((sum, row) => sum + row[2]! * width, 0)).toBeCloseTo(1, 9);
});

test('charts side by side: the table says which quantity a row is of', () => {
  const rows = figures.solvers!.csv.trimEnd().split('\n');
  expect(rows[0]).toMatch(/^quantity,curve,network calls per sample \(1\),value/);
  expect(rows.filter((row) => row.startsWith('Jensen–Shannon divergence')).length).toBe(2);
  expect(rows.at(-1)).toMatch(/^"?bond lengths, W1 \(pm\)"?,dpm,50,0.1/);
});

test('runs of one kind are a line in the order of their seconds, samples and simulation apart', () => {
  const rows = figures.cost!.csv.trimEnd().split('\n').slice(1);
  const ours = rows.filter((row) => row.includes('ours'));
  expect(ours.map((row) => row.split(',').slice(-2).map(Number))).toEqual([
    [75, 0.35],
    [150, 0.3],
    [75, 0.6],
    [150, 0.4],
  ]);
});

test('numbers survive the round trip through CSV, names do not become formulas', () => {
  const values = [0.1 + 0.2, 1e-300, -Math.PI, 123456789.12345679, 5e-324, Number.NaN];
  const table = csv(
    ['a (nm)', 'b, "c"'],
    values.map((value) => [value, '=1+1,"x"']),
  );
  expect(table.split('\n')[0]).toBe('a (nm),"b, ""c"""');
  const back = table
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((line) => line.slice(0, line.indexOf(',')));
  expect(back.map((cell) => (cell === '' ? Number.NaN : Number(cell)))).toEqual(values);
  expect(table).toContain('" =1+1,""x"""');
});

test('a long series keeps its spikes and loses its bulk', () => {
  const steps = Float64Array.from({ length: 100_000 }, (_, i) => i);
  const loss = steps.map((i) => (i === 54_321 ? 100 : Math.sin(i) ** 2));
  const chart = { title: 'loss', x: { label: 'step' }, y: { label: 'loss', limits: [0, 100] as const } };
  const { svg } = lineChart({ ...chart, curves: [{ name: 'raw', x: steps, y: loss, role: 'faint' }] });
  expect(svg.length).toBeLessThan(60_000);
  expect(svg.includes(' 40.0L')).toBe(true);
});

/** Elements left open or closed in the wrong order. */
function unclosed(svg: string): string[] {
  const open: string[] = [];
  for (const [, close, name, empty] of svg.matchAll(/<(\/?)([a-z]+)(?: [a-zA-Z-]+="[^"<]*")*(\/?)>/g)) {
    if (close) {
      if (open.pop() !== name) return [name!];
    } else if (!empty) open.push(name!);
  }
  const loose = svg.replace(/<\/?[a-z]+(?: [a-zA-Z-]+="[^"<]*")*\/?>/g, '').match(/[<>]|&(?!amp;|lt;|gt;|quot;)/);
  return loose ? [loose[0]] : open;
}

function textBoxes(svg: string) {
  return [...svg.matchAll(/<text ([^>]*)>([^<]*)<\/text>/g)].map(([, attributes, escaped]) => {
    const get = (name: string) => new RegExp(`(?:^| )${name}="([^"]*)"`).exec(attributes!)?.[1];
    const content = escaped!
      .replace(/&amp;/g, '&')
      .replace(/&lt;/g, '<')
      .replace(/&gt;/g, '>')
      .replace(/&quot;/g, '"');
    const size = Number(get('font-size'));
    const width = textWidth(content, size);
    const anchor = { start: 0, middle: 0.5, end: 1 }[get('text-anchor') ?? 'start']!;
    const [x, y] = [Number(get('x')), Number(get('y'))];
    const [start, end, rise, fall] = [anchor * width, (1 - anchor) * width, 0.75 * size, 0.22 * size];
    if (get('transform')) return { content, left: x - rise, right: x + fall, top: y - end, bottom: y + start };
    return { content, left: x - start, right: x + end, top: y - rise, bottom: y + fall };
  });
}
