/**
 * The colours of theme.css as values, for what is painted and cannot name a custom property: canvases and NGL. Reading
 * `theme.colours` in an effect runs it again when light turns to dark.
 */

const NAMES = {
  surface: '--surface',
  raised: '--surface-raised',
  sunken: '--surface-sunken',
  line: '--line',
  text: '--text',
  dim: '--text-dim',
  accent: '--accent',
  accentText: '--accent-text',
  reference: '--series-reference',
  font: '--font',
} as const;

export type ThemeColours = { readonly [K in keyof typeof NAMES]: string } & {
  /** Of curves, in order. */
  readonly series: readonly string[];
};

function read(): ThemeColours {
  const style = getComputedStyle(document.documentElement);
  const value = (name: string) => style.getPropertyValue(name).trim();
  const named = Object.fromEntries(Object.entries(NAMES).map(([key, name]) => [key, value(name)]));
  return {
    ...(named as { [K in keyof typeof NAMES]: string }),
    series: [1, 2, 3, 4, 5, 6].map((i) => value(`--series-${i}`)),
  };
}

const isDark = (): boolean => getComputedStyle(document.documentElement).colorScheme === 'dark';

class Theme {
  colours = $state.raw(read());
  dark = $state(isDark());

  constructor() {
    const again = () => {
      this.colours = read();
      this.dark = isDark();
    };
    new MutationObserver(again).observe(document.documentElement, { attributeFilter: ['data-theme'] });
    matchMedia('(prefers-color-scheme: dark)').addEventListener('change', again);
  }
}

/** One for the window, for as long as it lives. */
export const theme = new Theme();
