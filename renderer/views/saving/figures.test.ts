import { describe, expect, test } from 'vitest';
import type { Axis } from '../../../core/host/contract.ts';
import { chartCsv, chartSvg, chartsSvg } from './chart-svg.ts';
import { contactsCsv, contactsSvg } from './contacts-svg.ts';
import { type EnergyMap, mapCsv, mapSvg } from './map-svg.ts';

const angle = (label: string): Axis => ({ label, unit: 'rad', limits: [-Math.PI, Math.PI], periodic: true });

/** A well at φ < 0, ψ > 0; a quarter of the plane was seen. */
const BINS = 20;
const energy = Float32Array.from({ length: BINS * BINS }, (_, bin) => {
  const [i, j] = [Math.floor(bin / BINS), bin % BINS];
  return i < 10 && j >= 10 ? ((i - 5) ** 2 + (j - 15) ** 2) / 10 : Number.NaN;
});
const map: EnergyMap = {
  title: 'Reference <1> & "2"',
  axes: [angle('φ'), angle('ψ')],
  surface: { bins: [BINS, BINS], energy },
  table: 'uniform',
  range: [0, 6],
  lines: true,
  path: [3, 0, -3, 0],
};

/** Tags open and close in order, and nothing is left that is not a number. */
function checkDrawing(svg: string): void {
  const open: string[] = [];
  for (const [, closing, name, , empty] of svg.matchAll(/<(\/?)([a-zA-Z]+)((?:[^<>"]|"[^"<>]*")*?)(\/?)>/g)) {
    if (closing) expect(open.pop()).toBe(name);
    else if (!empty) open.push(name!);
  }
  expect(open).toEqual([]);
  expect(svg).not.toMatch(/NaN|undefined|Infinity/);
}

describe('a saved map', () => {
  test('is whole, says its units, and its words do no harm', () => {
    const svg = mapSvg(map);
    checkDrawing(svg);
    expect(svg).toContain('F / kT');
    expect(svg).toContain('−180°');
    expect(svg).toContain('Reference &lt;1&gt; &amp; &quot;2&quot;');
  });

  test('has shades in the quarter that was seen and nowhere else', () => {
    // In bins, upwards.
    const corners = [...mapSvg(map).matchAll(/M(\d+) (\d+)h1v\d+h-1z/g)];
    expect(corners.length).toBeGreaterThan(10);
    for (const [, x, y] of corners) {
      expect(Number(x)).toBeLessThan(10);
      expect(Number(y)).toBeGreaterThanOrEqual(10);
    }
  });

  test('has its numbers beside it, angles in degrees, empty where nothing was seen', () => {
    const rows = mapCsv(map).trim().split('\n');
    expect(rows[0]).toBe('φ (°),ψ (°),F (kT)');
    expect(rows).toHaveLength(1 + BINS * BINS);
    const seen = rows.slice(1).map((row) => row.split(','));
    expect(Number(seen[0]![0])).toBeCloseTo(-171, 4);
    expect(Number(seen[1]![1])).toBeCloseTo(-153, 4);
    expect(seen.filter((row) => row[2] !== '')).toHaveLength(100);
  });
});

describe('a saved chart', () => {
  const x = Array.from({ length: 100 }, (_, i) => i + 1);
  const chart = {
    title: 'Loss',
    curves: [
      { name: 'expert 1, raw', x, y: x.map((step) => 1 / step), colour: 0, dash: 'dashed' as const },
      {
        name: 'reference',
        x,
        y: x.map((step) => (step === 50 ? Number.NaN : 0.5)),
        error: x.map(() => 0.1),
        colour: 'reference' as const,
      },
    ],
    x: { label: 'step' },
    y: { label: 'loss', log: true },
    verticals: [{ x: 30, label: 'end' }],
  };

  test('is whole, with every curve, its name and its band', () => {
    const svg = chartSvg(chart);
    checkDrawing(svg);
    expect(svg).toContain('expert 1, raw');
    expect(svg).toContain('fill-opacity="0.16"');
    expect(svg).toContain('stroke-dasharray="6 4"');
  });

  test('a falling curve falls on paper, too', () => {
    const line = /d="(M[^"]+)" fill="none" stroke="#0a6cb0"/.exec(chartSvg(chart))![1]!;
    const heights = line
      .slice(1)
      .split('L')
      .map((point) => Number(point.split(' ')[1]));
    expect(heights).toHaveLength(100);
    for (let i = 1; i < heights.length; i++) expect(heights[i]!).toBeGreaterThanOrEqual(heights[i - 1]!);
  });

  test('without any curve is an empty frame', () => {
    checkDrawing(chartSvg({ ...chart, curves: [] }));
  });

  test('has its numbers beside it, names with commas in quotes', () => {
    const rows = chartCsv(chart).trim().split('\n');
    expect(rows[0]).toBe('curve,step (1),loss (1),error of loss (1)');
    expect(rows[1]).toBe('"expert 1, raw",1,1,');
    expect(rows).toHaveLength(201);
  });

  test('beside others is cut off at its own edges', () => {
    const svg = chartsSvg('Bonds', [chart, chart, chart, chart], 3);
    checkDrawing(svg);
    expect(svg).toContain('width="1140" height="560"');
    const names = [...svg.matchAll(/<clipPath id="([^"]+)"/g)].map(([, name]) => name);
    expect(new Set(names).size).toBe(4);
    for (const name of names) expect(svg).toContain(`url(#${name})`);
  });
});

describe('saved contacts', () => {
  // Three beads and more apart are counted; the one set always touches, the other never.
  const beads = 6;
  const all = (share: number) =>
    Float32Array.from({ length: beads ** 2 }, (_, at) =>
      Math.abs(Math.floor(at / beads) - (at % beads)) < 3 ? Number.NaN : share,
    );
  const contacts = {
    beads,
    lower: { name: 'Reference', contacts: all(1) },
    upper: { name: 'Samples', contacts: all(0) },
  };

  test('have one set below the diagonal and the other above it', () => {
    const svg = contactsSvg(contacts);
    checkDrawing(svg);
    const paths = [...svg.matchAll(/<path d="((?:M\d+ \d+h1v\d+h-1z)+)"/g)];
    expect(paths).toHaveLength(2);
    for (const [path, [, d]] of paths.entries()) {
      for (const [, x, y] of d!.matchAll(/M(\d+) (\d+)h/g)) expect(Number(y) > Number(x)).toBe(path === 0);
    }
  });

  test('have their numbers beside them, pairs that are not counted left out', () => {
    const rows = contactsCsv(contacts).trim().split('\n');
    expect(rows[0]).toBe('bead,other bead,Reference (1),Samples (1)');
    expect(rows.slice(1)).toEqual(['1,4,1,0', '1,5,1,0', '1,6,1,0', '2,5,1,0', '2,6,1,0', '3,6,1,0']);
  });
});
