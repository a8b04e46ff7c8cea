/** Charts with the same curves side by side, under one title and one legend. Their axes may differ. */
import { figureTitle, MARGIN } from './axes.ts';
import { legend } from './legend.ts';
import { curveTable, drawChart, type LineChart, styleCurves } from './line-chart.ts';
import { type Figure, svgDocument } from './svg.ts';
import { MUTED } from './theme.ts';

const PANEL = { width: 300, height: 250 } as const;
const PITCH = PANEL.width + MARGIN.left + 24;

/** Levels are those of the first chart by name; each chart has its own values. */
export function chartRow(title: string, charts: readonly LineChart[]): Figure {
  const width = PITCH * charts.length;
  const [first] = charts;
  const entries = [
    ...styleCurves(first!).map(({ entry }) => entry),
    ...(first!.levels ?? []).map(({ name }) => ({ name, colour: MUTED, dash: '1.5 3', width: 1.5 })),
  ];
  const key = legend(entries, MARGIN.left, MARGIN.top + 4, width - MARGIN.left - 24);
  const top = MARGIN.top + key.height + 12;
  const plots = charts.map((chart, i) => drawChart({ x: MARGIN.left + i * PITCH, y: top, ...PANEL }, chart));
  return {
    svg: svgDocument(width, top + PANEL.height + MARGIN.bottom, title, [figureTitle(title, width), key.svg, ...plots]),
    csv: curveTable(charts),
  };
}
