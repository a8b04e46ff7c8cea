/** How often beads touch as a figure on paper, and the numbers as a table: what ContactMap.svelte shows, to be saved. */
import { MARGIN, plotFrame } from '../../../core/analysis/figures/axes.ts';
import { colourBar } from '../../../core/analysis/figures/colour-bar.ts';
import { contact } from '../../../core/analysis/figures/colour-map.ts';
import { csv } from '../../../core/analysis/figures/csv.ts';
import { heatCells } from '../../../core/analysis/figures/heat-map.ts';
import { makeScale } from '../../../core/analysis/figures/scale.ts';
import { type Box, element, pixels, svgDocument, text } from '../../../core/analysis/figures/svg.ts';
import { GRID } from '../../../core/analysis/figures/theme.ts';
import type { Interval } from '../../../core/systems/toys/toy-system.ts';
import { beadTicks, fractionAt, percentTicks, type ShownContacts } from '../map/contacts.ts';
import { UNSEEN } from './paper.ts';

const SIDE = 360;

export function contactsSvg(contacts: ShownContacts): string {
  const { beads, lower, upper } = contacts;
  const box: Box = { x: MARGIN.left, y: 38, width: SIDE, height: SIDE };
  const limits: Interval = [0.5, beads + 0.5];
  const ticks = beadTicks(beads);
  const across = { ...makeScale('linear', limits, [box.x, box.x + SIDE], 8), ticks };
  const up = { ...makeScale('linear', limits, [box.y + SIDE, box.y], 8), ticks };
  const fractions = Float32Array.from({ length: beads ** 2 }, (_, at) =>
    fractionAt(contacts, Math.floor(at / beads), at % beads),
  );
  const name = (x: number, y: number, content: string, anchor: 'start' | 'end') =>
    text(x, y, content, { 'font-weight': 600, 'text-anchor': anchor });
  return svgDocument(box.x + SIDE + 84, box.y + SIDE + 50, 'Contacts', [
    element('rect', { ...box, fill: UNSEEN }),
    heatCells(box, fractions, [beads, beads], [0, 1], contact),
    element('path', { d: `M${pixels(box.x)} ${pixels(box.y + SIDE)}l${SIDE} ${-SIDE}`, stroke: GRID }),
    name(box.x + 8, box.y + 18, upper.name, 'start'),
    name(box.x + SIDE - 8, box.y + SIDE - 10, lower.name, 'end'),
    plotFrame(box, across, up, { title: 'Contacts', xTitle: 'bead', yTitle: 'bead' }),
    colourBar(
      { x: box.x + SIDE + 16, y: box.y, width: 13, height: SIDE },
      { label: 'touching', range: [0, 1], map: contact, clipped: [false, false], ticks: percentTicks },
    ),
  ]);
}

/** A row for each pair that is counted; beads count from 1. */
export function contactsCsv({ beads, lower, upper }: ShownContacts): string {
  const rows: number[][] = [];
  for (let i = 0; i < beads; i++) {
    for (let j = i + 1; j < beads; j++) {
      const fractions = [lower, upper].map(({ contacts }) => contacts[i * beads + j]!);
      if (fractions.every(Number.isFinite)) rows.push([i + 1, j + 1, ...fractions]);
    }
  }
  return csv(['bead', 'other bead', `${lower.name} (1)`, `${upper.name} (1)`], rows);
}
