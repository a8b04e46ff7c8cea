/** Hands a figure over to the person as a file: SVG as it is, PNG of it, the table of its numbers. */

/** `factor` times as fine as it is large. */
export async function pngOf(svg: string, factor = 2): Promise<Blob> {
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await image.decode();
  const canvas = new OffscreenCanvas(Math.round(image.width * factor), Math.round(image.height * factor));
  const context = canvas.getContext('2d')!;
  context.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas.convertToBlob({ type: 'image/png' });
}

export const svgBlob = (svg: string): Blob => new Blob([svg], { type: 'image/svg+xml' });
export const csvBlob = (csv: string): Blob => new Blob([csv], { type: 'text/csv' });

/** Where it is stored is the shell's question to the person. */
export function save(name: string, content: Blob): void {
  const address = URL.createObjectURL(content);
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.click();
  // The download has begun by then; a browser holds the content until the address is given up.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}

/** A figure and its numbers, side by side under one name. */
export async function saveFigure(
  name: string,
  format: 'svg' | 'png',
  svg: string,
  csv: string | undefined,
): Promise<void> {
  save(`${name}.${format}`, format === 'svg' ? svgBlob(svg) : await pngOf(svg));
  if (csv !== undefined) save(`${name}.csv`, csvBlob(csv));
}
