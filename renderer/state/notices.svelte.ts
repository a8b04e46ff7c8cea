/** Sentences that a person should read: shown in a corner, kept until they are closed where they speak of trouble. */

export interface Notice {
  readonly id: number;
  readonly kind: 'information' | 'trouble';
  readonly message: string;
  /** What can be done about it at once. */
  readonly action?: { readonly label: string; readonly run: () => void };
}

const INFORMATION_MS = 6000;
const MOST_SHOWN = 4;

class Notices {
  #shown = $state.raw<readonly Notice[]>([]);
  #next = 1;

  get shown(): readonly Notice[] {
    return this.#shown;
  }

  add(kind: Notice['kind'], message: string, action?: Notice['action']): void {
    const notice: Notice = { id: this.#next++, kind, message, ...(action && { action }) };
    const others = this.#shown.filter((shown) => shown.message !== message);
    this.#shown = [...others, notice].slice(-MOST_SHOWN);
    if (kind === 'information') setTimeout(() => this.close(notice.id), INFORMATION_MS);
  }

  /** Anything that was thrown, as a sentence. */
  trouble(error: unknown, action?: Notice['action']): void {
    this.add('trouble', sentenceOf(error), action);
  }

  close(id: number): void {
    this.#shown = this.#shown.filter((notice) => notice.id !== id);
  }
}

/**
 * The host, the shell and this window throw plain errors whose message is a sentence; what the language throws itself
 * (`TypeError` and the like) is a defect, and its text says nothing to a person.
 */
export function sentenceOf(error: unknown): string {
  if (error instanceof Error && (error.name === 'HostFailure' || error.name === 'Error')) return error.message;
  console.error(error);
  return 'Something in this window went wrong. Stored results are safe; reload the window (Ctrl+R) if it does not respond.';
}

export const notices = new Notices();
