/**
 * An answer of the host that follows its question: asked again soon after the question has changed, one at a time, the
 * newest only. The older answer stays to be looked at while the next is on its way. Use it where a component is made.
 */
import { HostFailure } from '../client/client.ts';
import { sentenceOf } from './notices.svelte.ts';

/** Between two attempts while there is no way to the host. */
const RECONNECTING_MS = 1000;

export interface Answer<A> {
  readonly value: A | undefined;
  /** Why there is none to what was asked last. */
  readonly problem: string | undefined;
  readonly isWaiting: boolean;
}

/** `question`: plain data, compared by value; undefined: there is nothing to ask, and no answer. */
export function answerTo<Q, A>(question: () => Q | undefined, ask: (question: Q) => Promise<A>, delay = 0): Answer<A> {
  let value = $state.raw<A>();
  let problem = $state<string>();
  let isWaiting = $state(false);
  let asked: Q | undefined;
  let isAsking = false;
  let stopped = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  const asText = $derived(JSON.stringify(question()));

  async function next(): Promise<void> {
    if (isAsking || asked === undefined || stopped) return;
    isAsking = true;
    const current = asked;
    try {
      const answer = await ask(current);
      if (asked === current) [value, problem] = [answer, undefined];
    } catch (error) {
      if (error instanceof HostFailure && error.isLost && !stopped) {
        isAsking = false;
        timer = setTimeout(() => void next(), RECONNECTING_MS);
        return;
      }
      if (asked === current) [value, problem] = [undefined, sentenceOf(error)];
    }
    isAsking = false;
    if (asked === current) isWaiting = false;
    else void next();
  }

  $effect(() => {
    asked = asText === undefined ? undefined : (JSON.parse(asText) as Q);
    clearTimeout(timer);
    if (asked === undefined) {
      [value, problem, isWaiting] = [undefined, undefined, false];
      return;
    }
    isWaiting = true;
    timer = setTimeout(() => void next(), delay);
  });
  $effect(() => () => {
    stopped = true;
    clearTimeout(timer);
  });

  return {
    get value() {
      return value;
    },
    get problem() {
      return problem;
    },
    get isWaiting() {
      return isWaiting;
    },
  };
}
