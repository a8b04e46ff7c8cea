/**
 * A word about an element, shown while a pointer rests on it or the keyboard is there: `{@attach tooltip('Undo')}`.
 * One box for the whole window, in the top layer so that no pane cuts it off. What it says must be reachable otherwise,
 * too (a label, a help text): the box itself is silent to readers of the screen.
 */
import type { Attachment } from 'svelte/attachments';
import { type SentencePiece, sentencePieces } from './sentence-pieces.ts';

const DELAY_MS = 450;

let box: HTMLElement | undefined;
let shownFor: Element | undefined;

export const tooltip =
  (text: string | undefined): Attachment<HTMLElement> =>
  (element) => {
    if (!text) return;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const show = () => place(element, text);
    const wait = () => {
      clearTimeout(timer);
      timer = setTimeout(show, DELAY_MS);
    };
    const hide = () => {
      clearTimeout(timer);
      if (shownFor === element) close();
    };
    const focused = () => element.matches(':focus-visible') && show();
    const pressed = (event: KeyboardEvent) => event.key === 'Escape' && hide();
    element.addEventListener('pointerenter', wait);
    element.addEventListener('pointerleave', hide);
    element.addEventListener('pointerdown', hide);
    element.addEventListener('focus', focused);
    element.addEventListener('blur', hide);
    element.addEventListener('keydown', pressed);
    return () => {
      hide();
      element.removeEventListener('pointerenter', wait);
      element.removeEventListener('pointerleave', hide);
      element.removeEventListener('pointerdown', hide);
      element.removeEventListener('focus', focused);
      element.removeEventListener('blur', hide);
      element.removeEventListener('keydown', pressed);
    };
  };

function close(): void {
  box?.hidePopover();
  shownFor = undefined;
}

function asNode({ text, isName }: SentencePiece): Node {
  if (!isName) return document.createTextNode(text);
  const node = document.createElement('code');
  node.textContent = text;
  return node;
}

function place(element: Element, text: string): void {
  if (!element.isConnected) return;
  if (!box) {
    box = document.createElement('div');
    box.className = 'tooltip';
    box.popover = 'manual';
    box.setAttribute('aria-hidden', 'true');
    document.body.append(box);
  }
  box.replaceChildren(...sentencePieces(text).map(asNode));
  // Shown anew, so that it lies above a dialog that was opened after it.
  if (shownFor) box.hidePopover();
  box.showPopover();
  shownFor = element;
  const target = element.getBoundingClientRect();
  const own = box.getBoundingClientRect();
  const left = Math.min(Math.max(8, target.left + (target.width - own.width) / 2), innerWidth - own.width - 8);
  const below = target.bottom + 6;
  const top = below + own.height > innerHeight - 4 ? target.top - own.height - 6 : below;
  box.style.left = `${Math.max(8, left)}px`;
  box.style.top = `${Math.max(4, top)}px`;
}
