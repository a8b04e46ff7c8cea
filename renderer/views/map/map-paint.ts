/** What of a free-energy map is painted on canvases: the shades of its bins, and the way of a walker that fades with age. */
import type { Axis, Surface } from '../../../core/host/contract.ts';
import { type ColourTableName, colourTable, shade } from './colour-table.ts';
import { piecesOf } from './walker-path.ts';

/** Fills a canvas of this size; what was not seen stays clear. */
export function paintShades(
  context: CanvasRenderingContext2D,
  { bins: [nx, ny], energy }: Surface,
  table: ColourTableName,
  [low, high]: readonly [number, number],
  width: number,
  height: number,
): void {
  if (nx * ny === 0) return;
  const rgb = colourTable(table);
  const picture = new ImageData(nx, ny);
  for (let i = 0; i < nx; i++) {
    for (let j = 0; j < ny; j++) {
      const F = energy[i * ny + j]!;
      if (Number.isNaN(F)) continue;
      const from = 3 * shade(F, low, high);
      picture.data.set([rgb[from]!, rgb[from + 1]!, rgb[from + 2]!, 255], 4 * ((ny - 1 - j) * nx + i));
    }
  }
  const small = new OffscreenCanvas(nx, ny);
  small.getContext('2d')!.putImageData(picture, 0, 0);
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, width, height);
}

/** White within dark: to be seen on every shade, and beside the map on light and dark ground. */
const LINE = '#ffffff';
const HALO = '#1c1f2b';
/** Steps from old to new: each is one stroke. */
const AGES = 12;

/** `path` holds x, y of the oldest first; the newest is a ring. */
export function paintPath(
  context: CanvasRenderingContext2D,
  axes: readonly Axis[],
  path: ArrayLike<number>,
  toX: (x: number) => number,
  toY: (y: number) => number,
): void {
  const pieces = piecesOf(axes, path);
  context.lineJoin = 'round';
  context.lineCap = 'round';
  for (let age = 0; age < AGES; age++) {
    const line = new Path2D();
    for (const { from, to, recency } of pieces) {
      if (Math.min(AGES - 1, Math.floor(AGES * recency)) !== age) continue;
      line.moveTo(toX(from[0]), toY(from[1]));
      line.lineTo(toX(to[0]), toY(to[1]));
    }
    const alpha = 0.12 + (0.78 * (age + 1)) / AGES;
    stroke(context, line, HALO, 2.6, 0.55 * alpha);
    stroke(context, line, LINE, 1.1, alpha);
  }
  const newest = 2 * Math.floor(path.length / 2) - 2;
  if (newest < 0) return;
  const ring = new Path2D();
  ring.arc(toX(path[newest]!), toY(path[newest + 1]!), 4.5, 0, 2 * Math.PI);
  context.globalAlpha = 1;
  context.fillStyle = LINE;
  context.fill(ring);
  stroke(context, ring, HALO, 2, 1);
}

function stroke(context: CanvasRenderingContext2D, line: Path2D, colour: string, width: number, alpha: number): void {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.globalAlpha = alpha;
  context.stroke(line);
}
