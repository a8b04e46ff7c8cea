/** Pieces of SVG as text, with everything escaped that comes from data. CSS pixels. */
import { paper } from './paper.ts';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

type Attributes = Record<string, string | number | undefined>;

export function element(name: string, attributes: Attributes, content = ''): string {
  const written = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(typeof value === 'number' ? rounded(value) : value!)}"`)
    .join('');
  return content === '' ? `<${name}${written}/>` : `<${name}${written}>${content}</${name}>`;
}

export const text = (x: number, y: number, content: string, attributes: Attributes = {}): string =>
  element('text', { x, y, 'font-size': 12, fill: paper.dim, ...attributes }, escaped(content));

export function svgDocument(width: number, height: number, title: string, parts: readonly string[]): string {
  const ground = element('rect', { width, height, fill: paper.ground });
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="${escaped(paper.font)}"><title>${escaped(title)}</title>${ground}${parts.join('')}</svg>\n`;
}

export const rounded = (value: number): string => String(Number(value.toFixed(2)));

const escaped = (raw: string): string =>
  raw.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
