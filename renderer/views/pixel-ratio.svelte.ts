/** How many pixels of the screen a CSS pixel has, as it is now: a window may be moved to a finer screen or zoomed. */
class PixelRatio {
  value = $state(devicePixelRatio);

  constructor() {
    this.#watch();
  }

  /** A query asks for one ratio only, so every change needs the next one. */
  #watch(): void {
    const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    query.addEventListener(
      'change',
      () => {
        this.value = devicePixelRatio;
        this.#watch();
      },
      { once: true },
    );
  }
}

/** One for the window, for as long as it lives. */
export const pixelRatio = new PixelRatio();
