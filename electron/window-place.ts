/** Where the window was, so that it is there again; a place on a display that is gone is forgotten. */
import { readFileSync, writeFileSync } from 'node:fs';
import type { Rectangle } from 'electron';

/** So much of the window must be on a display, px, for a person to be able to move it. */
const VISIBLE = 100;

export function rememberedPlace(file: string, displays: readonly Rectangle[]): Rectangle | undefined {
  try {
    const { x, y, width, height } = JSON.parse(readFileSync(file, 'utf8')) as Rectangle;
    if (![x, y, width, height].every(Number.isSafeInteger)) return undefined;
    const isVisible = displays.some(
      (display) =>
        x + width >= display.x + VISIBLE &&
        x <= display.x + display.width - VISIBLE &&
        y >= display.y &&
        y <= display.y + display.height - VISIBLE,
    );
    return isVisible ? { x, y, width, height } : undefined;
  } catch {
    // Never stored, or damaged: the window opens in the middle.
    return undefined;
  }
}

export function rememberPlace(file: string, { x, y, width, height }: Rectangle): void {
  try {
    writeFileSync(file, JSON.stringify({ x, y, width, height }));
  } catch {
    // A disk that is full must not keep a window from closing.
  }
}
