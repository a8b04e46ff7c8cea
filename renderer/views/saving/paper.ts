/**
 * The colours of a saved figure that are the window's own, whatever the window looks like: those of its curves on a
 * light ground (theme.css). All else is as in every figure (core/analysis/figures/theme.ts).
 */

/** Of bins that were not seen. */
export const UNSEEN = '#eef0f4';

const REFERENCE = '#10151e';
const SERIES = ['#0a6cb0', '#c8560c', '#0b8465', '#a5327c', '#8d6a00', '#5a50c8'] as const;

export const paperColour = (colour: number | 'reference'): string =>
  colour === 'reference' ? REFERENCE : SERIES[colour % SERIES.length]!;
