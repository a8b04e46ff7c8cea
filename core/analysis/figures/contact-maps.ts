/**
 * Contact maps side by side on one colour scale from 0 to 1 (reference, samples, simulation), dark where beads are often
 * in contact, and, if asked, the difference of two of them. Pairs near along the chain are blank. Beads count from 1.
 * The CSV has one row per pair, with mean distances too.
 */
import { ErgodicError } from '../../errors.ts';
import type { ContactMap } from '../geometry/contact-map.ts';
import { contact, diverging } from './colour-map.ts';
import { csv } from './csv.ts';
import { type MapGroup, mapRow } from './map-row.ts';
import type { Figure } from './svg.ts';
import { niceRange } from './ticks.ts';

export interface ContactMaps {
  readonly title: string;
  /** All of the same beads under the same rule. */
  readonly panels: readonly { readonly title: string; readonly contacts: ContactMap }[];
  /** Draws the probability in the panel `of` minus that in the panel `from` (indices). */
  readonly difference?: { readonly of: number; readonly from: number };
}

export function contactMaps({ title, panels, difference }: ContactMaps): Figure {
  const { atoms, cutoff, separation } = panels[0]!.contacts;
  const alike = panels.every(
    ({ contacts }) => contacts.atoms === atoms && contacts.cutoff === cutoff && contacts.separation === separation,
  );
  if (!alike) throw new ErgodicError('Contact maps side by side need the same beads and the same rule of contact.');
  const groups: MapGroup[] = [
    {
      panels: panels.map((panel) => ({ title: panel.title, values: panel.contacts.probability })),
      range: [0, 1],
      map: contact,
      label: 'P(contact)',
    },
  ];
  if (difference) {
    const of = panels[difference.of]!;
    const from = panels[difference.from]!;
    const values = of.contacts.probability.map((p, at) => p - from.contacts.probability[at]!);
    const largest = values.reduce((top, value) => Math.max(top, Math.abs(value) || 0), 0);
    const span = Math.min(1, niceRange([0, Math.max(0.1, largest)], 2)[1]);
    const name = `${of.title} − ${from.title}`;
    groups.push({ panels: [{ title: name, values }], range: [-span, span], map: diverging, label: 'ΔP' });
  }
  const axis = { title: 'bead', limits: [0.5, atoms + 0.5], kind: 'linear' } as const;
  const rule = `contact: nearer than ${cutoff} nm, ${separation} or more apart along the chain`;
  return {
    svg: mapRow({ title, note: rule, axes: [axis, axis], bins: atoms, groups }),
    csv: pairTable(panels, atoms),
  };
}

function pairTable(panels: ContactMaps['panels'], atoms: number): string {
  const header = ['first bead (1)', 'second bead (1)'];
  for (const { title } of panels) header.push(`P(contact) ${title} (1)`, `mean distance ${title} (nm)`);
  const rows: number[][] = [];
  for (let i = 0; i < atoms; i++) {
    for (let j = i + 1; j < atoms; j++) {
      const at = i * atoms + j;
      if (Number.isNaN(panels[0]!.contacts.probability[at]!)) continue;
      const values = panels.flatMap(({ contacts }) => [contacts.probability[at]!, contacts.distance[at]!]);
      rows.push([i + 1, j + 1, ...values]);
    }
  }
  return csv(header, rows);
}
