/** The window and the few things that a person does with it all the time, in a test or a measurement. */
import { basename, join } from 'node:path';
import { type Download, expect, type Locator, type Page } from '@playwright/test';

export type StageTitle = 'Data' | 'Experts' | 'Train' | 'Sample' | 'Simulate' | 'Compare';

export class Workstation {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  async open(url: string): Promise<void> {
    await this.page.goto(url);
    await expect(this.page.getByRole('banner')).toBeVisible();
  }

  get rail(): Locator {
    return this.page.getByRole('navigation', { name: 'Stages' });
  }
  /** The stage that is shown. */
  get stage(): Locator {
    return this.page.getByRole('main');
  }
  /** The strip at the bottom. */
  get work(): Locator {
    return this.page.getByRole('contentinfo', { name: 'Work' });
  }

  async go(stage: StageTitle): Promise<void> {
    await this.rail.getByRole('button', { name: stage }).click();
    await expect(this.page.getByRole('main', { name: stage })).toBeVisible();
  }

  /** Files of the machine, dragged over the window and let go: the browser itself makes the events. */
  async drop(...paths: string[]): Promise<void> {
    const debuggee = await this.page.context().newCDPSession(this.page);
    const data = { items: [], files: paths, dragOperationsMask: 1 };
    const { width, height } = this.page.viewportSize()!;
    const at = { x: width / 2, y: height / 2 };
    await debuggee.send('Input.dispatchDragEvent', { type: 'dragEnter', ...at, data });
    await debuggee.send('Input.dispatchDragEvent', { type: 'dragOver', ...at, data });
    await expect(this.page.getByRole('heading', { name: /^Drop to/ })).toBeVisible();
    await debuggee.send('Input.dispatchDragEvent', { type: 'drop', ...at, data });
    await debuggee.detach();
  }

  /** A row of the list of files. */
  file(path: string): Locator {
    return this.stage.getByRole('row').filter({ has: this.page.getByRole('rowheader', { name: basename(path) }) });
  }

  /** A map of free energies, by how its description begins. */
  map(description: string): Locator {
    return this.stage.getByRole('application', { name: new RegExp(`^${description}`) });
  }

  /** A click on the map of this title, at these two angles in degrees. */
  async point(title: string, [phi, psi]: readonly [number, number]): Promise<void> {
    const plane = (await this.map(`${title}: Free energy`).locator('.box').boundingBox())!;
    const [x, y] = [(phi + 180) / 360, (180 - psi) / 360];
    await this.page.mouse.click(plane.x + x * plane.width, plane.y + y * plane.height);
  }

  /** The button of a stage in the rail, whose name tells how far the stage is. */
  mark(stage: StageTitle): Locator {
    return this.rail.getByRole('button', { name: stage });
  }

  /** What the strip says of the job in front. */
  jobs(state: string): Locator {
    return this.work.getByText(state, { exact: true });
  }

  /** Until the job in front is done. */
  async finished(timeout: number): Promise<void> {
    await expect(this.jobs('done')).toBeVisible({ timeout });
    await this.work.getByRole('button', { name: 'Remove from the list' }).click();
  }

  /** So many files that come after something is done, kept in a folder. */
  async downloads(folder: string, count: number, act: () => Promise<void>): Promise<string[]> {
    const kept: Promise<string>[] = [];
    const keep = async (download: Download) => {
      const path = join(folder, download.suggestedFilename());
      await download.saveAs(path);
      return path;
    };
    const listen = (download: Download) => kept.push(keep(download));
    this.page.on('download', listen);
    await act();
    await expect.poll(() => kept.length, { timeout: 60_000 }).toBe(count);
    this.page.off('download', listen);
    return Promise.all(kept);
  }

  /** An action of the palette, found by letters of its name. */
  async act(letters: string): Promise<void> {
    await this.page.keyboard.press('Control+K');
    const palette = this.page.getByRole('dialog', { name: 'Command palette' });
    await expect(palette).toBeVisible();
    await this.page.keyboard.type(letters);
    await this.page.keyboard.press('Enter');
    await expect(palette).toBeHidden();
  }

  /** One expert for all of time, in the stage of the experts. */
  async oneExpert(): Promise<void> {
    await this.stage.getByLabel('Layout').selectOption({ label: 'One energy · quick' });
    await expect(this.stage.getByRole('region', { name: /^Expert \d/ })).toHaveCount(1);
  }

  /** A handle of the timeline, pulled by so much of diffusion time. */
  async drag(handle: Locator, by: number): Promise<void> {
    const knob = (await handle.locator('.knob').boundingBox())!;
    const { width } = (await this.stage.locator('.grid').first().boundingBox())!;
    const [x, y] = [knob.x + knob.width / 2, knob.y + knob.height / 2];
    await this.page.mouse.move(x, y);
    await this.page.mouse.down();
    await this.page.mouse.move(x + by * width, y, { steps: 10 });
    await this.page.mouse.up();
  }

  /** Until the molecule is drawn. */
  async drawn(): Promise<void> {
    await expect(this.stage.locator('[data-shown]').first()).toBeAttached({ timeout: 30_000 });
  }
}
