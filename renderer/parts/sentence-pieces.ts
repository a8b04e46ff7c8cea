/** A sentence of the host or the shell, cut at its backticks: names of files and settings stand between two of them. */

export interface SentencePiece {
  readonly text: string;
  readonly isName: boolean;
}

/** A backtick without a partner is a character like others. */
export function sentencePieces(text: string): SentencePiece[] {
  const pieces = text.split('`');
  if (pieces.length % 2 === 0) return [{ text, isName: false }];
  return pieces.map((piece, index) => ({ text: piece, isName: index % 2 === 1 })).filter(({ text }) => text !== '');
}
