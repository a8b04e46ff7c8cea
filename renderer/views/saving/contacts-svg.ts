/** How often beads touch as a figure on paper, and the numbers as a table: what ContactMap.svelte shows, to be saved. */
import { beadTicks, percentTicks, type ShownContacts, shareAt } from '../map/contacts.ts';
import { csv } from './csv.ts';
import { frame } from './frame-svg.ts';
import { paper } from './paper.ts';
import { colourBar, shades } from './shades-svg.ts';
import { type Box, element, rounded, svgDocument, text } from './svg.ts';

const SIDE = 360;

export function contactsSvg(contacts: ShownContacts): string {
  const { beads, lower, upper } = contacts;
  const box: Box = { x: 64, y: 38, width: SIDE, height: SIDE };
  const across = (bead: number) => ((bead - 0.5) / beads) * SIDE;
  const energy = Float32Array.from({ length: beads ** 2 }, (_, at) =>
    shareAt(contacts, Math.floor(at / beads), at % beads),
  );
  const colours = { table: 'share', range: [0, 1] } as const;
  const ticks = beadTicks(beads);
  return svgDocument(box.x + SIDE + 84, box.y + SIDE + 50, 'Contacts', [
    element('rect', { ...box, fill: paper.unseen }),
    ...shades({ bins: [beads, beads], energy }, colours, box),
    element('path', {
      d: `M${rounded(box.x)} ${rounded(box.y + SIDE)}l${SIDE} ${-SIDE}`,
      stroke: paper.line,
    }),
    text(box.x, 22, 'Contacts', { fill: paper.ink, 'font-size': 14, 'font-weight': 600 }),
    text(box.x + 8, box.y + 18, upper.name, { fill: paper.ink, 'font-weight': 600 }),
    text(box.x + SIDE - 8, box.y + SIDE - 10, lower.name, {
      fill: paper.ink,
      'font-weight': 600,
      'text-anchor': 'end',
    }),
    frame(
      box,
      { title: 'bead', ticks, at: (bead) => box.x + across(bead) },
      { title: 'bead', ticks, at: (bead) => box.y + SIDE - across(bead) },
    ),
    ...colourBar(
      { ...colours, title: 'touching', ticks: percentTicks },
      { x: box.x + SIDE + 16, y: box.y, width: 13, height: SIDE },
    ),
  ]);
}

/** A row for each pair that is counted; beads count from 1. */
export function contactsCsv({ beads, lower, upper }: ShownContacts): string {
  const rows: number[][] = [];
  for (let i = 0; i < beads; i++) {
    for (let j = i + 1; j < beads; j++) {
      const shares = [lower, upper].map(({ contacts }) => contacts[i * beads + j]!);
      if (shares.every(Number.isFinite)) rows.push([i + 1, j + 1, ...shares]);
    }
  }
  return csv(['bead', 'other bead', `${lower.name} (1)`, `${upper.name} (1)`], rows);
}
