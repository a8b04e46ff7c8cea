/**
 * Keyboard shortcuts as text: "Mod+Shift+Z", where Mod is ⌘ on a Mac and Ctrl elsewhere; which event is meant by one, and
 * how a person reads it. Several for one action are separated by a space.
 */

export interface Keys {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
  readonly altKey: boolean;
}

export function isPressed(shortcut: string, event: Keys, mac: boolean): boolean {
  return shortcut.split(' ').some((one) => {
    const parts = one.split('+');
    const key = parts.at(-1)!;
    const [mod, other] = mac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
    // "?" already needs Shift on most keyboards: only letters and digits say whether it is held.
    const shiftCounts = /^[a-z0-9]$/i.test(key) || key.length > 1;
    return (
      event.key.toLowerCase() === key.toLowerCase() &&
      mod === parts.includes('Mod') &&
      !other &&
      event.altKey === parts.includes('Alt') &&
      (!shiftCounts || event.shiftKey === parts.includes('Shift'))
    );
  });
}

/** Without Ctrl or Alt a key means a letter while somebody types. */
export const isForTyping = (shortcut: string): boolean =>
  shortcut.split(' ').every((one) => !one.includes('Mod+') && !one.includes('Alt+'));

const macSigns: Record<string, string> = { Mod: '⌘', Shift: '⇧', Alt: '⌥' };
const keyWords: Record<string, string> = { ArrowLeft: '←', ArrowRight: '→', ' ': 'Space' };

/** The first of them, for tooltips and lists. */
export function shortcutText(shortcut: string, mac: boolean): string {
  const parts = shortcut.split(' ')[0]!.split('+');
  const words = parts.map(
    (part) => (mac ? macSigns[part] : undefined) ?? (part === 'Mod' ? 'Ctrl' : keyWords[part]) ?? part,
  );
  return words.join(mac ? '' : '+');
}

/** Whether the keyboard belongs to a field at the moment. */
export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'range', 'button'].includes(target.type);
  return target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}
