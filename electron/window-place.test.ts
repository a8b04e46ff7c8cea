/** The window is where it was, unless nobody could see it there. */
import { writeFileSync } from 'node:fs';
import { afterAll, expect, test } from 'vitest';
import { temporaryFolder } from '../core/runs/small-run.test-support.ts';
import { rememberedPlace, rememberPlace } from './window-place.ts';

const folder = temporaryFolder();
afterAll(() => folder[Symbol.dispose]());
const file = folder.in('window.json');
const display = { x: 0, y: 0, width: 1920, height: 1080 };
const place = { x: 200, y: 100, width: 1200, height: 800 };

test('it is stored and found', () => {
  expect(rememberedPlace(file, [display])).toBeUndefined();
  rememberPlace(file, place);
  expect(rememberedPlace(file, [display])).toEqual(place);
});

test.each([
  ['on a display that is gone', { ...place, x: 2500 }],
  ['above the screen', { ...place, y: -300 }],
  ['almost out to the left', { ...place, x: -1150 }],
])('not %s', (_, away) => {
  rememberPlace(file, away);
  expect(rememberedPlace(file, [display])).toBeUndefined();
});

test.each(['', '{', 'null', '[]', '{"x": "1"}', '{"x":1e99,"y":0,"width":1,"height":1}'])('not as %j says', (text) => {
  writeFileSync(file, text);
  expect(rememberedPlace(file, [display])).toBeUndefined();
});

test('a disk that cannot be written is no reason not to close', () => {
  expect(() => rememberPlace(folder.in('none/window.json'), place)).not.toThrow();
});
