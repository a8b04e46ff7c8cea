import { expect, it } from 'vitest';
import { isForTyping, isPressed, type Keys, shortcutText } from './shortcuts.ts';

const keys = (key: string, held: Partial<Keys> = {}): Keys => ({
  key,
  ctrlKey: false,
  metaKey: false,
  shiftKey: false,
  altKey: false,
  ...held,
});

it('Mod is Ctrl, and ⌘ on a Mac', () => {
  expect(isPressed('Mod+K', keys('k', { ctrlKey: true }), false)).toBe(true);
  expect(isPressed('Mod+K', keys('k', { metaKey: true }), false)).toBe(false);
  expect(isPressed('Mod+K', keys('k', { metaKey: true }), true)).toBe(true);
  expect(isPressed('Mod+K', keys('k', { ctrlKey: true, metaKey: true }), true)).toBe(false);
  expect(isPressed('Mod+K', keys('k'), false)).toBe(false);
});

it('Shift tells letters apart, but not signs that need it anyway', () => {
  expect(isPressed('Mod+Z', keys('Z', { ctrlKey: true, shiftKey: true }), false)).toBe(false);
  expect(isPressed('Mod+Shift+Z', keys('Z', { ctrlKey: true, shiftKey: true }), false)).toBe(true);
  expect(isPressed('?', keys('?', { shiftKey: true }), false)).toBe(true);
  expect(isPressed('1', keys('1'), false)).toBe(true);
  expect(isPressed('1', keys('1', { ctrlKey: true }), false)).toBe(false);
});

it('one action may have several', () => {
  const redo = 'Mod+Shift+Z Mod+Y';
  expect(isPressed(redo, keys('y', { ctrlKey: true }), false)).toBe(true);
  expect(shortcutText(redo, false)).toBe('Ctrl+Shift+Z');
  expect(shortcutText(redo, true)).toBe('⌘⇧Z');
});

it('plain keys wait while somebody types', () => {
  expect(isForTyping('1')).toBe(true);
  expect(isForTyping('?')).toBe(true);
  expect(isForTyping('Mod+1')).toBe(false);
});
