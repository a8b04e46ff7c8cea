/** Line samples with names in rows above a plot, wrapped to its width, so a legend never covers data. CSS pixels. */
import { element, fitText, text, textWidth } from './svg.ts';

export interface LegendEntry {
  readonly name: string;
  readonly colour: string;
  readonly dash?: string | undefined;
  readonly width?: number;
}

const SAMPLE = 26;
const GAP = 20;
const ROW = 20;

export interface Legend {
  readonly svg: string;
  readonly height: number;
}

/** The first row's text stands on `y + 12`. */
export function legend(entries: readonly LegendEntry[], x: number, y: number, width: number): Legend {
  const parts: string[] = [];
  let left = x;
  let top = y;
  for (const { name, colour, dash, width: stroke = 2 } of entries) {
    const label = fitText(name, width - SAMPLE - 8);
    const needed = SAMPLE + 8 + textWidth(label);
    if (left > x && left + needed > x + width) {
      left = x;
      top += ROW;
    }
    parts.push(
      element('path', {
        d: `M${left.toFixed(2)} ${top + 8}h${SAMPLE}`,
        stroke: colour,
        'stroke-width': stroke,
        'stroke-dasharray': dash,
        fill: 'none',
      }),
      text(left + SAMPLE + 8, top + 12, label),
    );
    left += needed + GAP;
  }
  return { svg: parts.join(''), height: entries.length === 0 ? 0 : top - y + ROW };
}
