/**
 * The known word nearest to a mistyped one, by the number of letters to insert, delete, replace or swap.
 * Not a search: far-away words give nothing.
 */
export function nearestWord(word: string, known: readonly string[]): string | undefined {
  let best: string | undefined;
  let bestDistance = Number.POSITIVE_INFINITY;
  for (const candidate of known) {
    // So different in length that it could not be near enough, and long words take long.
    if (Math.abs(word.length - candidate.length) > farthest(word, candidate)) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < bestDistance) [best, bestDistance] = [candidate, distance];
  }
  return best !== undefined && bestDistance <= farthest(word, best) ? best : undefined;
}

const farthest = (a: string, b: string): number => Math.max(2, Math.ceil(Math.max(a.length, b.length) / 2));

/** The end of an error sentence about an unknown word: the nearest known one, or all of them. */
export function suggest(word: string, known: readonly string[]): string {
  const nearest = nearestWord(word, known);
  return nearest === undefined ? `known are ${known.join(', ')}.` : `did you mean \`${nearest}\`?`;
}

/** Optimal string alignment distance (Damerau–Levenshtein without repeated edits of one place). */
export function editDistance(a: string, b: string): number {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, column) => column)];
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped =
        i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
          ? rows[i - 2]![j - 2]! + 1
          : Number.POSITIVE_INFINITY;
      row.push(Math.min(replaced, rows[i - 1]![j]! + 1, row[j - 1]! + 1, swapped));
    }
    rows.push(row);
  }
  return rows[a.length]![b.length]!;
}
