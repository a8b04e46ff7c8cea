/**
 * The look of every figure: colours, type and line styles. Light paper; sizes in CSS pixels at natural size, readable
 * on a 13-inch screen. Line colours are those of Okabe and Ito, told apart with any colour vision; dashes differ too.
 */

export const PAPER = '#ffffff';
export const INK = '#1d2330';
export const MUTED = '#5b6472';
export const FRAME = '#aab1bd';
export const GRID = '#eceef2';

export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
export const TITLE_SIZE = 14;
export const LABEL_SIZE = 13;
export const TICK_SIZE = 12;

/** Colour and dash of the model curves, in order; the reference is solid ink. */
export const LINE_STYLES = [
  { colour: '#0072b2', dash: '6 3' },
  { colour: '#d55e00', dash: '2.5 2.5' },
  { colour: '#009e73', dash: '9 3 2.5 3' },
  { colour: '#aa5a8c', dash: '4 4' },
  { colour: '#c98a00', dash: '10 4' },
  { colour: '#3f9bd6', dash: '3 2 8 2' },
] as const;

export const lineStyle = (index: number) => LINE_STYLES[index % LINE_STYLES.length]!;
