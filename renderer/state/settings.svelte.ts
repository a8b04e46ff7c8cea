/**
 * What a person likes, whatever the project: light or dark, colours of maps, units. Kept by the browser of this machine;
 * what belongs to a project is kept in its folder (project-store.svelte.ts).
 */
import type { LengthUnit } from '../parts/format.ts';

export const themes = ['system', 'light', 'dark'] as const;
export type ThemeWish = (typeof themes)[number];
export const mapColours = ['uniform', 'turbo'] as const;
export type MapColours = (typeof mapColours)[number];
export const lengthUnits = ['nm', 'Å'] as const satisfies readonly LengthUnit[];

interface Preferences {
  theme: ThemeWish;
  mapColours: MapColours;
  lengthUnit: LengthUnit;
}

const KEY = 'ergodic.preferences';
const usual: Preferences = { theme: 'system', mapColours: 'uniform', lengthUnit: 'Å' };
const systemIsDark = matchMedia('(prefers-color-scheme: dark)');

class Settings {
  #kept = $state.raw<Preferences>(read());
  #systemIsDark = $state(systemIsDark.matches);

  constructor() {
    systemIsDark.addEventListener('change', () => {
      this.#systemIsDark = systemIsDark.matches;
      this.#showTheme();
    });
    this.#showTheme();
  }

  get theme(): ThemeWish {
    return this.#kept.theme;
  }
  get mapColours(): MapColours {
    return this.#kept.mapColours;
  }
  get lengthUnit(): LengthUnit {
    return this.#kept.lengthUnit;
  }

  get isDark(): boolean {
    return this.theme === 'dark' || (this.theme === 'system' && this.#systemIsDark);
  }

  set(wish: Partial<Preferences>): void {
    this.#kept = { ...this.#kept, ...wish };
    try {
      localStorage.setItem(KEY, JSON.stringify(this.#kept));
    } catch {
      // A browser that keeps nothing: the wish holds until the window is closed.
    }
    this.#showTheme();
  }

  /** From light to dark or back, whatever the setting was. */
  turn(): void {
    this.set({ theme: this.isDark ? 'light' : 'dark' });
  }

  #showTheme(): void {
    document.documentElement.dataset.theme = this.isDark ? 'dark' : 'light';
  }
}

function read(): Preferences {
  let kept: Partial<Record<keyof Preferences, unknown>>;
  try {
    kept = JSON.parse(localStorage.getItem(KEY) ?? '{}') ?? {};
  } catch {
    kept = {};
  }
  const one = <T extends string>(options: readonly T[], value: unknown, otherwise: T): T =>
    options.find((option) => option === value) ?? otherwise;
  return {
    theme: one(themes, kept.theme, usual.theme),
    mapColours: one(mapColours, kept.mapColours, usual.mapColours),
    lengthUnit: one(lengthUnits, kept.lengthUnit, usual.lengthUnit),
  };
}

export const settings = new Settings();
