/**
 * What a setting of a run specification may be, and what follows from it: the type of its value, its range in words.
 * The settings themselves stand in specification/settings.ts, those of methods and networks beside these.
 */

interface Described {
  readonly help: string;
  readonly unit?: string;
}
/**
 * What a run record means that lacks the setting, because it was written before there was one: where that is not the
 * default, old runs keep their meaning while new specifications get the better value.
 */
interface Recorded<Value> {
  readonly recordDefault?: Value;
}
interface Bounded {
  readonly min: number;
  readonly max: number;
  /** The bound itself is not allowed. */
  readonly aboveMin?: true;
  readonly belowMax?: true;
}

export type NumberSetting = Described &
  Recorded<number> &
  Bounded & {
    readonly type: 'number' | 'whole';
    readonly default: number | null;
    /** In words, for a default of null that is computed from the other settings. */
    readonly derivedDefault?: string;
  };
export type PairSetting = Described &
  Bounded & {
    readonly type: 'pair';
    readonly order: 'rising' | 'falling';
    readonly default: readonly [number, number];
  };
export type WholesSetting = Described &
  Bounded & { readonly type: 'wholes' | 'numbers'; readonly maxLength: number; readonly default: readonly number[] };
export type ChoiceSetting = Described &
  Recorded<string> & {
    readonly type: 'choice';
    readonly options: readonly string[];
    readonly default: string | null;
    readonly derivedDefault?: string;
  };
export type FlagSetting = Described & { readonly type: 'flag'; readonly default: boolean };
export type TextSetting = Described & { readonly type: 'text'; readonly default: string };
/** A path, or null for none. */
export type FileSetting = Described & { readonly type: 'file'; readonly default: null };
/** Texts or paths, possibly none. */
export type TextsSetting = Described & {
  readonly type: 'texts' | 'files';
  readonly maxLength: number;
  readonly default: readonly string[];
};

export type Setting =
  | NumberSetting
  | PairSetting
  | WholesSetting
  | ChoiceSetting
  | FlagSetting
  | TextSetting
  | FileSetting
  | TextsSetting;
export type SettingList = { readonly type: 'list'; readonly help: string; readonly maxLength: number } & {
  readonly of: SettingGroup;
};
/** One of several groups of settings, told apart by the key `kind`. */
export type SettingVariants = {
  readonly type: 'variants';
  readonly help: string;
  readonly default: string | null;
  readonly derivedDefault?: string;
  /** For a person, where the kind alone is not the word. */
  readonly labels?: Readonly<Record<string, string>>;
  /** The kinds of systems that each is for, where not all are for all. */
  readonly serves?: Readonly<Record<string, readonly string[]>>;
  readonly of: { readonly [kind: string]: SettingGroup };
};
export type SettingNode = Setting | SettingList | SettingVariants | SettingGroup;
export interface SettingGroup {
  readonly [key: string]: SettingNode;
}

/** The value a setting, list, variant or group takes once every default is filled in. */
export type SettingValue<P> = P extends { type: 'number' | 'whole' }
  ? number
  : P extends { type: 'flag' }
    ? boolean
    : P extends { type: 'choice'; options: readonly (infer Option)[] }
      ? Option
      : P extends { type: 'text' }
        ? string
        : P extends { type: 'file' }
          ? string | null
          : P extends { type: 'texts' | 'files' }
            ? readonly string[]
            : P extends { type: 'pair' }
              ? readonly [number, number]
              : P extends { type: 'wholes' | 'numbers' }
                ? readonly number[]
                : P extends { type: 'list'; of: infer Group }
                  ? readonly SettingValue<Group>[]
                  : P extends { type: 'variants'; of: infer Kinds }
                    ? { [Kind in keyof Kinds]: { readonly kind: Kind } & SettingValue<Kinds[Kind]> }[keyof Kinds]
                    : { readonly [Key in keyof P]: SettingValue<P[Key]> };

/** A setting that is wrong. */
export interface Fault {
  /** ['experts', 0, 'alpha']. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

export const isGroup = (node: SettingNode): node is SettingGroup => typeof node.type !== 'string';

/** The values a setting may take, as the end of the sentence "it must be …". */
export function allowedValues(setting: Setting): string {
  switch (setting.type) {
    case 'number':
      return `a number ${boundsInWords(setting)}`;
    case 'whole':
      return `a whole number ${boundsInWords(setting)}`;
    case 'pair':
      return `two numbers [a, b], ${setting.order === 'rising' ? 'a < b' : 'a ≥ b'}, each ${boundsInWords(setting)}`;
    case 'wholes':
      return `a list of 1 to ${setting.maxLength} whole numbers, each ${boundsInWords(setting)}`;
    case 'numbers':
      return `a list of 1 to ${setting.maxLength} numbers, each ${boundsInWords(setting)}`;
    case 'choice':
      return `one of ${setting.options.join(', ')}`;
    case 'flag':
      return 'true or false';
    case 'text':
      return 'text of 1 to 200 characters';
    case 'file':
      return 'a file name, or null for none';
    case 'texts':
      return `a list of at most ${setting.maxLength} texts`;
    case 'files':
      return `a list of at most ${setting.maxLength} file names`;
  }
}

export function boundsInWords({ min, max, aboveMin, belowMax }: Bounded): string {
  if (!aboveMin && !belowMax) return `from ${min} to ${max}`;
  return `${aboveMin ? 'above' : 'at least'} ${min} and ${belowMax ? 'below' : 'at most'} ${max}`;
}

export function isInBounds(value: number, { min, max, aboveMin, belowMax }: Bounded): boolean {
  return (aboveMin ? value > min : value >= min) && (belowMax ? value < max : value <= max);
}
