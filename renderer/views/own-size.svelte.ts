/**
 * The size of a view, px. Asked for by an observer rather than measured: measuring lays out the page, for every view once
 * more. What a view draws by its size takes longer than all that is around it, so it learns it when that is on the
 * screen: a stage that is gone to stands there at once, and its maps and curves fill in with the next picture.
 */
import type { Attachment } from 'svelte/attachments';

export class OwnSize {
  /** 0 until it is known. */
  width = $state(0);
  height = $state(0);

  /** `{@attach size.of}` on the element whose size it is. */
  readonly of: Attachment<Element> = (element) => {
    let latest: DOMRectReadOnly | undefined;
    let isShown = false;
    const take = () => {
      if (!isShown || !latest) return;
      this.width = latest.width;
      this.height = latest.height;
    };
    const observer = new ResizeObserver(([entry]) => {
      latest = entry!.contentRect;
      take();
    });
    observer.observe(element);
    void pictureShown().then(() => {
      isShown = true;
      take();
    });
    return () => observer.disconnect();
  };
}

/** When what is in the page now has been on the screen. */
export const pictureShown = (): Promise<void> =>
  new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
