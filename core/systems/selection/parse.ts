/**
 * Selection text to steps in postfix order. `not` binds closer than `and`, `and` closer than `or`; parentheses group.
 * One pass with a stack of operators, no recursion, so text of any kind costs time in proportion to its length.
 */
import type { Step, Word } from './term.ts';
import { failAt, termsOf } from './words.ts';

/** Groups inside one another; each may hold a set of atoms in memory while it is evaluated. */
const DEEPEST = 100;
const binding = { or: 1, and: 2, not: 3 } as const;
type Operator = keyof typeof binding;
const isOperator = (text: string): text is Operator => Object.hasOwn(binding, text);

/** An empty text selects everything, and so do its steps. */
export function parse(text: string): Step[] {
  const steps: Step[] = [];
  const waiting: { readonly operator: Operator | '('; readonly word: Word }[] = [];
  const finish = (least: number): void => {
    for (;;) {
      const operator = waiting.at(-1)?.operator;
      if (operator === undefined || operator === '(' || binding[operator] < least) return;
      steps.push({ operator });
      waiting.pop();
    }
  };
  let last: Word | undefined;
  /** Whether a condition has to come next; otherwise an operator or an end. */
  let open = true;
  let depth = 0;
  for (const word of wordsOf(text)) {
    const lower = word.text.toLowerCase();
    if (!open && (lower === 'not' || (!isOperator(lower) && lower !== ')'))) {
      failAt(word, 'follows a condition without `and` or `or` between them');
    }
    if (open && (lower === 'and' || lower === 'or' || lower === ')')) {
      failAt(word, last ? `cannot follow \`${last.text}\`: a condition is missing` : 'has no condition before it');
    }
    if (lower === '(') {
      depth++;
      if (depth > DEEPEST) failAt(word, `is group number ${depth} inside one another: ${DEEPEST} are the most`);
      waiting.push({ operator: '(', word });
    } else if (lower === ')') {
      finish(0);
      if (!waiting.pop()) failAt(word, 'closes a group that was never opened');
      depth--;
    } else if (isOperator(lower)) {
      // `not` waits for what follows it; the others take what stands before them first.
      if (lower !== 'not') finish(binding[lower]);
      waiting.push({ operator: lower, word });
      open = true;
    } else {
      const terms = termsOf(word);
      for (const [index, term] of terms.entries()) {
        steps.push({ term, word });
        if (index > 0) steps.push({ operator: 'and' });
      }
      open = false;
    }
    last = word;
  }
  if (!last) return [{ term: { kind: 'keyword', name: 'all' }, word: { text: '', column: 1 } }];
  if (open) failAt(last, 'has no condition after it');
  finish(0);
  const unclosed = waiting.at(-1);
  if (unclosed) failAt(unclosed.word, 'opens a group that is never closed');
  return steps;
}

function* wordsOf(text: string): Generator<Word> {
  for (const match of text.matchAll(/[()]|[^\s()]+/g)) yield { text: match[0], column: match.index + 1 };
}
