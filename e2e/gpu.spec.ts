/**
 * The window that nobody sees, in a real Chromium with WebGPU in software: programs that are planned here are computed
 * there, under the content policy of the product.
 */
import { chromium as browsers, expect, type Page, test } from '@playwright/test';
import { gradcheck, gradcheckTolerance } from '../core/engines/gradcheck.ts';
import { referenceEngine } from '../core/engines/reference/reference.ts';
import { type Door, remoteGpu } from '../core/engines/webgpu/remote-gpu.ts';
import { webgpuEngine } from '../core/engines/webgpu/webgpu.ts';
import { networkSubjects } from '../core/models/gradcheck-subjects.ts';
import { chromium, chromiumSwitches } from './chromium.ts';
import { ServedHost } from './served-host.ts';

/** What preload scripts do: a port to the page, whose other end is here. */
async function doorTo(page: Page): Promise<Door> {
  let listener: (message: unknown) => void = () => undefined;
  await page.exposeFunction('answered', (message: unknown) => listener(message));
  await page.evaluate(() => {
    const { port1, port2 } = new MessageChannel();
    const own = window as unknown as { answered(message: unknown): void; ask(message: unknown): void };
    port1.onmessage = ({ data }) => own.answered(data);
    own.ask = (message) => port1.postMessage(message);
    window.postMessage('gpu', '*', [port2]);
  });
  return {
    send: (message) =>
      void page.evaluate((asked) => (window as unknown as { ask(m: unknown): void }).ask(asked), message),
    receive: (given) => {
      listener = given;
    },
  };
}

test('derivatives are right on the GPU of a window', { tag: '@full' }, async () => {
  // Each of some thousand shaders is made for the CPU.
  test.setTimeout(3_600_000);
  await using opened = new AsyncDisposableStack();
  const executablePath = chromium();
  const args = [...chromiumSwitches, '--enable-unsafe-webgpu'];
  const browser = opened.use(await browsers.launch({ ...(executablePath ? { executablePath } : {}), args }));
  const host = opened.use(await ServedHost.start(test.info().outputPath('home')));
  const page = await browser.newPage();
  const troubles: string[] = [];
  page.on('console', (message) => message.type() === 'error' && troubles.push(message.text()));
  page.on('pageerror', ({ message }) => troubles.push(message));
  await page.goto(new URL('gpu/index.html#software', host.url).href);
  const gpu = remoteGpu(await doorTo(page));
  const engine = webgpuEngine(gpu);
  const { available, precision, reason } = await engine.describe();
  test.skip(!available, reason);
  const { cases } = await gradcheck(engine, referenceEngine(), { subjects: networkSubjects });
  expect(cases.length).toBeGreaterThan(2700);
  expect(cases.filter(({ relativeError: error }) => !(error <= gradcheckTolerance(precision)))).toEqual([]);
  expect(troubles).toEqual([]);
});
