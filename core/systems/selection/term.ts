/** What a selection is made of: single conditions, and how they are joined. Plain data; what they mean: evaluate.ts. */

export type Term =
  | { readonly kind: 'keyword'; readonly name: string }
  /** Any of these residue names, in upper case. `bare`: a word of its own, which may be a mistyped keyword. */
  | { readonly kind: 'residueName'; readonly names: readonly string[]; readonly bare: boolean }
  | { readonly kind: 'residueNumber'; readonly low: number; readonly high: number }
  /** "" is no insertion code. */
  | { readonly kind: 'insertion'; readonly code: string }
  | { readonly kind: 'chain'; readonly id: string }
  /** In upper case. */
  | { readonly kind: 'atomName'; readonly name: string }
  /** "" is no alternate location. */
  | { readonly kind: 'alternate'; readonly location: string }
  | { readonly kind: 'model'; readonly index: number }
  /** In upper case. */
  | { readonly kind: 'element'; readonly symbol: string }
  | { readonly kind: 'indices'; readonly indices: readonly number[] };

export interface Word {
  readonly text: string;
  /** Where it begins, from 1. */
  readonly column: number;
}

/** In postfix order: each operator takes the results before it, two or (for `not`) one. */
export type Step = { readonly operator: 'and' | 'or' | 'not' } | { readonly term: Term; readonly word: Word };
