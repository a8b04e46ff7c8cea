/**
 * What a setting of a run specification may be, and what follows from it: the type of its value, its range in words.
 * The settings themselves are in specification/settings.ts.
 */

interface Described {
  readonly help: string;
  readonly unit?: string;
}
interface Bounded {
  readonly min: number;
  readonly max: number;
  /** The bound itself is not allowed. */
  readonly aboveMin?: true;
  readonly belowMax?: true;
}

export type NumberSetting = Described &
  Bounded & {
    readonly type: 'number' | 'whole';
    readonly default: number | null;
    /** In words, for a default of null that is computed from the other parameters. */
    readonly derivedDefault?: string;
  };
export type PairSetting = Described &
  Bounded & {
    readonly type: 'pair';
    readonly order: 'rising' | 'falling';
    readonly default: readonly [number, number];
  };
export type WholesSetting = Described &
  Bounded & { readonly type: 'wholes'; readonly maxLength: number; readonly default: readonly number[] };
export type ChoiceSetting = Described & {
  readonly type: 'choice';
  readonly options: readonly string[];
  readonly default: string | null;
  readonly derivedDefault?: string;
};
export type FlagSetting = Described & { readonly type: 'flag'; readonly default: boolean };
export type TextSetting = Described & { readonly type: 'text'; readonly default: string };
/** A path, or null for none. */
export type FileParameter = Described & { readonly type: 'file'; readonly default: null };
/** Texts or paths, possibly none. */
export type TextsParameter = Described & {
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
  | FileParameter
  | TextsParameter;
export type SettingList = { readonly type: 'list'; readonly help: string; readonly maxLength: number } & {
  readonly of: SettingGroup;
};
/** One of several groups of parameters, told apart by the key `kind`. */
export type SettingVariants = {
  readonly type: 'variants';
  readonly help: string;
  readonly default: string | null;
  readonly derivedDefault?: string;
  readonly of: { readonly [kind: string]: SettingGroup };
};
export type SettingNode = Setting | SettingList | SettingVariants | SettingGroup;
export interface SettingGroup {
  readonly [key: string]: SettingNode;
}

/** The value a parameter, list, variant or group takes once every default is filled in. */
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
              : P extends { type: 'wholes' }
                ? readonly number[]
                : P extends { type: 'list'; of: infer Group }
                  ? readonly SettingValue<Group>[]
                  : P extends { type: 'variants'; of: infer Kinds }
                    ? { [Kind in keyof Kinds]: { readonly kind: Kind } & SettingValue<Kinds[Kind]> }[keyof Kinds]
                    : { readonly [Key in keyof P]: SettingValue<P[Key]> };

export const isGroup = (node: SettingNode): node is SettingGroup => typeof node.type !== 'string';

/** The values a parameter may take, as the end of the sentence "it must be …". */
export function allowedValues(parameter: Setting): string {
  switch (parameter.type) {
    case 'number':
      return `a number ${boundsInWords(parameter)}`;
    case 'whole':
      return `a whole number ${boundsInWords(parameter)}`;
    case 'pair':
      return `two ${parameter.order} numbers [a, b], each ${boundsInWords(parameter)}`;
    case 'wholes':
      return `a list of 1 to ${parameter.maxLength} whole numbers, each ${boundsInWords(parameter)}`;
    case 'choice':
      return `one of ${parameter.options.join(', ')}`;
    case 'flag':
      return 'true or false';
    case 'text':
      return 'text of 1 to 200 characters';
    case 'file':
      return 'a file name, or null for none';
    case 'texts':
      return `a list of at most ${parameter.maxLength} texts`;
    case 'files':
      return `a list of at most ${parameter.maxLength} file names`;
  }
}

export function boundsInWords({ min, max, aboveMin, belowMax }: Bounded): string {
  if (!aboveMin && !belowMax) return `from ${min} to ${max}`;
  return `${aboveMin ? 'above' : 'at least'} ${min} and ${belowMax ? 'below' : 'at most'} ${max}`;
}

export function isInBounds(value: number, { min, max, aboveMin, belowMax }: Bounded): boolean {
  return (aboveMin ? value > min : value >= min) && (belowMax ? value < max : value <= max);
}
