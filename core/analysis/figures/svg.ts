/**
 * SVG as strings: elements, text and the document around them. Everything a caller passes is escaped here and only
 * here. Lengths in CSS pixels, rounded to 0.01. Also the estimate of text widths by which layouts avoid overlaps; it
 * errs to the wide side, since the font is the reader's own.
 */
import { FONT, INK, PAPER, TICK_SIZE } from './theme.ts';

/** A picture and the numbers behind it. */
export interface Figure {
  readonly svg: string;
  readonly csv: string;
}

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

type Attributes = Readonly<Record<string, string | number | undefined>>;

export function element(name: string, attributes: Attributes, ...children: string[]): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${typeof value === 'number' ? pixels(value) : escapeText(value!)}"`)
    .join('');
  return children.length === 0 ? `<${name}${written}/>` : `<${name}${written}>${children.join('')}</${name}>`;
}

export function text(x: number, y: number, content: string, attributes: Attributes = {}): string {
  return element('text', { x, y, 'font-size': TICK_SIZE, fill: INK, ...attributes }, escapeText(content));
}

export function svgDocument(width: number, height: number, title: string, children: readonly string[]): string {
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${pixels(width)} ${pixels(height)}`,
      width,
      height,
      role: 'img',
      'aria-label': title,
      'font-family': FONT,
    },
    element('title', {}, escapeText(title)),
    element('rect', { width, height, fill: PAPER }),
    ...children,
  );
}

export function escapeText(content: string): string {
  return (
    content
      // biome-ignore lint/suspicious/noControlCharactersInRegex: XML forbids them even when escaped.
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '�')
      .replace(/\p{Surrogate}/gu, '�')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;')
      .replace(/"/g, '&quot;')
  );
}

/** At most two decimals, no exponent, no negative zero. */
export const pixels = (length: number): string => String(Math.round(length * 100) / 100 || 0);

/** Estimated width of a line of text, px. */
export function textWidth(content: string, size = TICK_SIZE): number {
  let ems = 0;
  for (const character of content) {
    if (/[ijl.,:;'|!()[\] ·]/.test(character)) ems += 0.33;
    else if (/[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]/.test(character)) ems += 0.45;
    else if (/[mwMW@%]/.test(character)) ems += 0.92;
    else if (/[A-Z−–—]/.test(character)) ems += 0.7;
    else ems += 0.6;
  }
  return ems * size;
}

/** `content`, cut with an ellipsis to fit a width in px. */
export function fitText(content: string, width: number, size = TICK_SIZE): string {
  if (textWidth(content, size) <= width) return content;
  const characters = [...content];
  while (characters.length > 1 && textWidth(`${characters.join('')}…`, size) > width) characters.pop();
  return `${characters.join('').trimEnd()}…`;
}
