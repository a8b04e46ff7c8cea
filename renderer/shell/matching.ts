/** How well a few typed letters fit a title, for the command palette: words first, then letters in their order. */

/** Larger is better; 0: not at all. */
export function match(query: string, title: string): number {
  const wanted = query.trim().toLowerCase();
  const text = title.toLowerCase();
  if (wanted === '') return 1;
  const at = text.indexOf(wanted);
  if (at === 0) return 5;
  if (at > 0 && /\W/.test(text[at - 1]!)) return 4;
  if (wanted.split(/\s+/).every((word) => text.includes(word))) return 3;
  if (at > 0) return 2;
  let from = 0;
  for (const letter of wanted.replace(/\s+/g, '')) {
    from = text.indexOf(letter, from) + 1;
    if (from === 0) return 0;
  }
  return 1;
}

export function ranked<T>(query: string, all: readonly T[], titleOf: (one: T) => string): T[] {
  return all
    .map((one) => ({ one, score: match(query, titleOf(one)) }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score)
    .map(({ one }) => one);
}
