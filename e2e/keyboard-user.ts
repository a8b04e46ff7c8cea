/**
 * A person who has a keyboard and nothing else: goes from one control to the next with Tab, as far as it takes, and
 * types. What cannot be reached that way cannot be reached.
 */
import { expect, type Locator, type Page } from '@playwright/test';

/** More controls than any page has. */
const MOST_STOPS = 150;

export class Hands {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) await this.#page.keyboard.press(key);
  }

  async type(text: string): Promise<void> {
    await this.#page.keyboard.type(text);
  }

  /** To a control, forwards and around. */
  async reach(control: Locator): Promise<void> {
    await expect(control).toBeVisible();
    for (let stops = 0; stops < MOST_STOPS; stops++) {
      if (await control.evaluate((element) => element === document.activeElement)) return;
      await this.press('Tab');
    }
    throw new Error(`No way with Tab to ${control}.`);
  }

  /** What stands in a field is chosen when one comes to it, and typing takes its place. */
  async fill(field: Locator, text: string): Promise<void> {
    await this.reach(field);
    await this.press('Control+A');
    await this.type(text);
    await expect(field).toHaveValue(text);
  }

  async push(button: Locator): Promise<void> {
    await this.reach(button);
    await this.press('Enter');
  }

  /** An entry of a list, by going down it from its top. */
  async choose(list: Locator, value: string): Promise<void> {
    await this.reach(list);
    const entries = await list.locator('option').count();
    await this.press('Home');
    for (let entry = 0; entry < entries && (await list.inputValue()) !== value; entry++) await this.press('ArrowDown');
    await expect(list).toHaveValue(value);
  }
}
