/** The look of a saved figure, whatever the window looks like: dark ink on white paper, the light colours of theme.css. */
export const paper = {
  ground: '#ffffff',
  ink: '#18202d',
  dim: '#556074',
  line: '#d3d9e2',
  unseen: '#eef0f4',
  reference: '#10151e',
  series: ['#0a6cb0', '#c8560c', '#0b8465', '#a5327c', '#8d6a00', '#5a50c8'],
  font: "system-ui, -apple-system, 'Segoe UI', 'Noto Sans', 'DejaVu Sans', sans-serif",
} as const;

export const paperColour = (colour: number | 'reference'): string =>
  colour === 'reference' ? paper.reference : paper.series[colour % paper.series.length]!;
