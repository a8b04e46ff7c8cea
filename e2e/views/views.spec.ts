/**
 * The views of the window in a real Chromium under the product's content policy, each with real data: what they say to
 * who does not see them, what pointer and keys do, that molecules are drawn and their contexts given back. Pictures of
 * all of them in light and dark are kept beside the results.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { expect, type Locator, type Page, test } from '@playwright/test';
import { type Gallery, serveGallery } from './gallery-server.ts';

declare global {
  interface Window {
    exercises: {
      openAndClose(times: number): Promise<WeakRef<HTMLCanvasElement>[]>;
      stream(beads: number, seconds: number, style: string): Promise<{ frames: number; seconds: number }>;
      changeOfMind(): Promise<[string, string]>;
      growingMap(times: number): Promise<number>;
      movingPicture(
        beads: number,
        style: 'beads' | 'trace' | 'spacefill',
      ): Promise<{ moving?: string; still: string; gone: boolean; difference: number; covered: number }>;
      savedMap(): Promise<{
        svg: string;
        csv: string;
        png: { bytes: number; type: string; width: number; height: number };
      }>;
    };
  }
}

const VIEWS = [
  'map',
  'map-path',
  'map-difference',
  'map-turbo',
  'molecule-beads',
  'molecule-atoms',
  'molecule-chain',
  'molecule-ensemble',
  'lines',
  'profile',
  'timeline',
  'residual',
  'contacts',
  'bonds',
  'strip',
] as const;

/** `npm test` has one of a kind. */
const setOf = (isQuick: boolean) => (isQuick ? {} : { tag: '@full' });

let gallery: Gallery;
const complaints: string[] = [];

test.beforeAll(async () => {
  gallery = await serveGallery();
});
test.afterAll(async () => {
  await gallery[Symbol.asyncDispose]();
});

test.beforeEach(({ page }) => {
  complaints.length = 0;
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
    if (/Too many active WebGL contexts/.test(message.text())) complaints.push(message.text());
  });
});
test.afterEach(() => {
  expect(complaints).toEqual([]);
});

async function open(page: Page, view: string, theme = 'light'): Promise<Locator> {
  await page.goto(`${gallery.address}?view=${view}&theme=${theme}`);
  const section = page.locator(`[data-view="${view}"]`);
  await expect(section).toBeVisible();
  if (view.startsWith('molecule')) {
    await expect(section.locator('[data-shown]')).toBeAttached({ timeout: 30_000 });
    await settled(section);
  }
  return section;
}

/** Two pictures in a row that are the same: what was asked for is drawn. */
async function settled(section: Locator): Promise<Buffer> {
  let before = await section.screenshot();
  for (;;) {
    await section.page().waitForTimeout(700);
    const after = await section.screenshot();
    if (after.equals(before)) return after;
    before = after;
  }
}

for (const theme of ['light', 'dark']) {
  test(`every view, ${theme}`, setOf(theme === 'light'), async ({ page }, info) => {
    const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
    for (const view of VIEWS) {
      await open(page, view, theme);
      await page.screenshot({ path: info.outputPath(`${view}.png`) });
      // The policy of the page lets no script in from outside; the debugger may evaluate one.
      await page.evaluate(axe);
      const found = await page.evaluate(async () => {
        const { axe: checker } = window as unknown as {
          axe: {
            run(where: string): Promise<{ violations: { id: string; impact: string; nodes: { html: string }[] }[] }>;
          };
        };
        const { violations } = await checker.run('section');
        return violations
          .filter(({ impact }) => impact === 'serious' || impact === 'critical')
          .map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
      });
      expect(found, view).toEqual([]);
    }
  });
}

test('a molecule is drawn, turned by the arrow keys and centred again', async ({ page }) => {
  const section = await open(page, 'molecule-atoms');
  const start = await settled(section);
  await section.getByRole('application').focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  const turned = await settled(section);
  expect(turned.equals(start)).toBe(false);
  for (let i = 0; i < 6; i++) await page.keyboard.press('+');
  const near = await settled(section);
  expect(near.equals(turned)).toBe(false);
  await page.keyboard.press('0');
  const centred = await settled(section);
  expect(centred.equals(near)).toBe(false);
});

test('a molecule is drawn in every style', setOf(false), async ({ page }) => {
  const section = await open(page, 'molecule-chain');
  const pictures = new Set<string>();
  const styles = await section.getByLabel('Drawing style').locator('option').allTextContents();
  for (const style of styles.filter((title) => title !== 'Automatic')) {
    await section.getByLabel('Drawing style').selectOption({ label: style });
    pictures.add((await settled(section)).toString('base64'));
  }
  expect(pictures.size).toBe(styles.length - 1);
});

test('a molecule whose context is lost is drawn anew', async ({ page }) => {
  const section = await open(page, 'molecule-chain');
  const before = await settled(section);
  await section.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    canvas.dataset.old = '';
    (canvas.getContext('webgl2') ?? canvas.getContext('webgl'))!.getExtension('WEBGL_lose_context')!.loseContext();
  });
  await expect(section.locator('canvas[data-old]')).toHaveCount(0);
  await expect(section.locator('[data-shown]')).toBeAttached();
  expect((await settled(section)).equals(before)).toBe(true);
});

test('twenty molecules opened and closed leave no context and no canvas behind', setOf(false), async ({ page }) => {
  const section = await open(page, 'molecule-atoms');
  const canvases = await page.evaluateHandle(() => window.exercises.openAndClose(20));
  // A browser would have taken the context of the oldest, which is still on the screen.
  const lost = await section.locator('canvas').evaluate((canvas: HTMLCanvasElement) => {
    const context = canvas.getContext('webgl2') ?? canvas.getContext('webgl');
    return context!.isContextLost();
  });
  expect(lost).toBe(false);
  await page.requestGC();
  await page.requestGC();
  const alive = await canvases.evaluate((references) => references.filter((each) => each.deref() !== undefined).length);
  expect(alive).toBeLessThanOrEqual(1);
});

test('of two molecules asked for at once only the last is drawn', async ({ page }) => {
  await open(page, 'contacts');
  const [alone, after] = await page.evaluate(() => window.exercises.changeOfMind());
  expect(alone.length).toBeGreaterThan(3000);
  expect(after === alone).toBe(true);
});

test('a molecule follows a stream of positions', async ({ page }, info) => {
  await open(page, 'contacts');
  const { frames, seconds } = await page.evaluate(() => window.exercises.stream(300, 5, 'beads'));
  info.annotations.push({ type: 'rate', description: `${(frames / seconds).toFixed(1)} frames/s of 300 beads` });
  expect(frames).toBeGreaterThan(10);
});

test('a molecule that nobody points at rests', async ({ page }) => {
  const section = await open(page, 'molecule-atoms');
  /** Turns of the browser that were asked for in half a second. */
  const asked = () =>
    page.evaluate(async () => {
      let count = 0;
      const ask = window.requestAnimationFrame;
      window.requestAnimationFrame = (then) => {
        count++;
        return ask(then);
      };
      await new Promise((resolve) => setTimeout(resolve, 500));
      window.requestAnimationFrame = ask;
      return count;
    });
  await expect.poll(asked).toBe(0);
  await section.locator('.stage').hover();
  expect(await asked()).toBeGreaterThan(3);
  await page.mouse.move(0, 0);
  await expect.poll(asked).toBe(0);
  // What a person does wakes it, and it is drawn as it is then.
  await section.locator('.stage').focus();
  const before = await section.screenshot();
  await page.keyboard.press('ArrowRight');
  await expect.poll(async () => (await section.screenshot()).equals(before)).toBe(false);
});

for (const style of ['beads', 'trace', 'spacefill'] as const) {
  test(
    `without a GPU a molecule that moves looks as at rest, ${style}`,
    setOf(style === 'beads'),
    async ({ page }, info) => {
      await open(page, 'contacts');
      const { moving, still, ...seen } = await page.evaluate((own) => window.exercises.movingPicture(60, own), style);
      for (const [name, picture] of Object.entries({ moving, still })) {
        if (picture) writeFileSync(info.outputPath(`${name}.png`), picture.split(',')[1]!, 'base64');
      }
      test.skip(!moving, 'This browser has a GPU: NGL draws what moves.');
      expect(seen.gone).toBe(true);
      expect(seen.covered).toBeGreaterThan(0.8);
      expect(seen.difference).toBeLessThan(10);
      info.annotations.push({ type: 'difference', description: JSON.stringify(seen) });
    },
  );
}

test('a map follows counts that grow', async ({ page }, info) => {
  await open(page, 'contacts');
  const milliseconds = await page.evaluate(() => window.exercises.growingMap(40));
  info.annotations.push({ type: 'cost', description: `${milliseconds.toFixed(1)} ms for a map of 64 × 64 bins` });
  expect(milliseconds).toBeGreaterThan(0);
});

test('a map is saved as SVG and PNG with its numbers beside it', async ({ page }, info) => {
  await open(page, 'contacts');
  const { svg, csv, png } = await page.evaluate(() => window.exercises.savedMap());
  expect(png.type).toBe('image/png');
  expect([png.width, png.height]).toEqual(
    /width="(\d+)" height="(\d+)"/
      .exec(svg)!
      .slice(1)
      .map((side) => 2 * Number(side)),
  );
  expect(png.bytes).toBeGreaterThan(20_000);
  expect(csv.trim().split('\n')).toHaveLength(1 + 62 * 62);
  await page.setContent(svg);
  await page.screenshot({ path: info.outputPath('saved-map.png') });
});

test('a map reads itself aloud, under the pointer and under the cross hair', async ({ page }) => {
  const section = await open(page, 'map');
  const map = section.getByRole('application');
  await expect(map).toHaveAccessibleName(
    /Free energy over φ and ψ\. Lowest at φ −\d+°, ψ −?\d+°\. \d+ % of the plane was seen/,
  );
  await map.focus();
  await page.keyboard.press('ArrowLeft');
  const reading = section.locator('[aria-live]');
  await expect(reading).toHaveText(/φ −\d+°\s+ψ −?\d+°\s+F 0\.00 kT/);
  const lowest = await reading.textContent();
  await page.keyboard.press('ArrowLeft');
  await expect(reading).not.toHaveText(lowest!);
  await page.keyboard.press('Escape');
  await expect(reading).toHaveText('');
});

test('a place is picked by a click and by Enter, a region by drawing around it', async ({ page }) => {
  const section = await open(page, 'map');
  const box = (await section.locator('.frame .box').boundingBox())!;
  await page.mouse.click(box.x + 0.25 * box.width, box.y + 0.5 * box.height);
  const mark = section.locator('.mark');
  await expect(mark).toHaveCount(1);
  const at = (await mark.boundingBox())!;
  expect(at.x + at.width / 2 - box.x).toBeCloseTo(0.25 * box.width, -1);
  await section.getByRole('application').focus();
  await page.keyboard.press('ArrowLeft');
  await page.keyboard.press('Enter');
  const moved = (await mark.boundingBox())!;
  expect(Math.hypot(moved.x - at.x, moved.y - at.y)).toBeGreaterThan(5);

  await page.keyboard.down('Shift');
  await page.mouse.move(box.x + 0.1 * box.width, box.y + 0.3 * box.height);
  await page.mouse.down();
  for (let i = 1; i <= 40; i++) {
    const angle = (2 * Math.PI * i) / 40;
    const x = box.x + (0.25 - 0.15 * Math.cos(angle)) * box.width;
    await page.mouse.move(x, box.y + (0.3 + 0.15 * Math.sin(angle)) * box.height);
  }
  await page.mouse.up();
  await page.keyboard.up('Shift');
  await expect(section.locator('polygon.outline')).toHaveCount(1);
  const region = (await section.locator('polygon.outline').boundingBox())!;
  expect(Math.abs(region.width - 0.3 * box.width)).toBeLessThan(12);
});

test('boundaries of experts are dragged, and moved, taken away and made by keys', async ({ page }) => {
  const section = await open(page, 'timeline');
  const first = section.getByRole('slider', { name: 'Boundary between expert 1 and expert 2' });
  await expect(first).toHaveAttribute('aria-valuenow', '0.1');
  await first.focus();
  await page.keyboard.press('ArrowRight');
  await expect(first).toHaveAttribute('aria-valuenow', '0.11');
  await page.keyboard.press('Shift+ArrowLeft');
  await expect(first).toHaveAttribute('aria-valuenow', '0.109');
  await page.keyboard.press('End');
  await expect(first).toHaveAttribute('aria-valuenow', '0.59');
  await page.keyboard.press('Home');
  await expect(first).toHaveAttribute('aria-valuenow', '0.01');

  const second = section.getByRole('slider', { name: 'Boundary between expert 2 and expert 3' });
  const knob = (await second.locator('.knob').boundingBox())!;
  const bar = (await section.locator('.grid').boundingBox())!;
  await page.mouse.move(knob.x + knob.width / 2, knob.y + knob.height / 2);
  await page.mouse.down();
  await page.mouse.move(bar.x + 0.3 * bar.width, knob.y, { steps: 8 });
  await page.mouse.up();
  expect(Number(await second.getAttribute('aria-valuenow'))).toBeCloseTo(0.3, 2);

  await second.focus();
  await page.keyboard.press('Delete');
  await expect(section.getByRole('slider')).toHaveCount(1);
  const expert = section.getByRole('button', { name: /^Expert 2/ });
  await expert.focus();
  await page.keyboard.press('s');
  await expect(section.getByRole('slider')).toHaveCount(2);
  await expert.press('Enter');
  await expect(expert).toHaveAttribute('aria-pressed', 'true');
  await section.getByRole('button', { name: /^Expert 3/ }).dblclick();
  await expect(section.getByRole('slider')).toHaveCount(3);
});

test('curves are switched off and on, and read by keys', async ({ page }) => {
  const section = await open(page, 'profile');
  const samples = section.getByRole('button', { name: /Samples/ });
  const before = await settled(section);
  await samples.click();
  await expect(samples).toHaveAttribute('aria-pressed', 'false');
  expect((await settled(section)).equals(before)).toBe(false);
  await samples.click();
  await section.getByRole('img').focus();
  await page.keyboard.press('ArrowRight');
  await expect(section.locator('.place')).toHaveText(/φ −17\d°/);
});

test('contacts are read by keys', async ({ page }) => {
  const section = await open(page, 'contacts');
  await section.getByRole('application').focus();
  await page.keyboard.press('ArrowUp');
  await expect(section.locator('[aria-live]')).toHaveText(/Simulation: 1–10 \d+ %/);
});
