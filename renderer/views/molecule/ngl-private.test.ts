/**
 * What ngl-private.ts uses of NGL is there in the installed version, and does what is relied on. NGL's own prebuilt file
 * is driven as far as it goes without a browser; what is drawn with it is looked at in e2e/views.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

const path = new URL('../../../node_modules/ngl/dist/ngl.js', import.meta.url);
const source = readFileSync(path, 'utf8');

interface Class {
  readonly prototype: Record<string, (this: object, ...values: unknown[]) => unknown>;
}
type Library = Record<'Viewer' | 'Stage' | 'Structure' | 'StructureRepresentation', Class> & {
  readonly Version: string;
};

let ngl: Library;
const asked: (() => void)[] = [];

beforeAll(() => {
  vi.stubGlobal('self', globalThis);
  ngl = createRequire(import.meta.url)(fileURLToPath(path)) as Library;
  vi.stubGlobal('window', {
    performance,
    requestAnimationFrame: (call: () => void) => asked.push(call),
  });
});
afterAll(() => {
  vi.unstubAllGlobals();
});

const stats = () => ({ startTime: performance.now(), begin: () => {}, update: () => {} });

test('the version is the one that was looked into, and no other is installed unasked', () => {
  const manifest = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'));
  expect(manifest.devDependencies.ngl).toMatch(/^\d+\.\d+\.\d+$/);
  expect(ngl.Version).toBe(manifest.devDependencies.ngl);
});

describe('the loops', () => {
  test('a turn of the viewer asks for the next, under a number that stops it', () => {
    const viewer = { stats: stats(), signals: { ticked: { dispatch: () => {} } }, animate: () => {}, frameRequest: 0 };
    ngl.Viewer.prototype.animate!.call(viewer);
    expect(asked.at(-1)).toBe(viewer.animate);
    expect(viewer.frameRequest).toBe(asked.length);
  });

  test('so does that of the mouse observer, which belongs to the stage', () => {
    expect(String(ngl.Stage)).toContain('this.mouseObserver=new ');
    const listen = /_listen\(\)\{.*?\}_/.exec(source)![0];
    expect(listen).toContain('this.frameRequest=window.requestAnimationFrame(this._listen)');
  });
});

describe('drawing', () => {
  test('a picture that is asked for is drawn by `render`, its own or another, once until it is marked as drawn', () => {
    const render = vi.fn();
    const viewer = { stats: stats(), renderPending: false, render };
    const before = asked.length;
    ngl.Viewer.prototype.requestRender!.call(viewer);
    ngl.Viewer.prototype.requestRender!.call(viewer);
    expect(viewer.renderPending).toBe(true);
    expect(asked.length).toBe(before + 1);
    asked.at(-1)!();
    expect(render).toHaveBeenCalledExactlyOnceWith();
  });

  test('`render` is told whether it is for picking, and for which target', () => {
    const drawn = vi.fn();
    const nothing = () => {};
    const viewer = {
      ...{ __updateClipping: nothing, __updateCamera: nothing, __updateLights: nothing, updateInfo: nothing },
      ...{ parameters: {}, camera: 'the camera', __render: drawn, lastRenderedPicking: false, rendering: false },
      signals: { rendered: { dispatch: nothing } },
    };
    ngl.Viewer.prototype.render!.call(viewer, true, 'a target');
    expect(drawn).toHaveBeenCalledExactlyOnceWith(true, 'the camera', 'a target');
  });

  test('the group that turns holds the one that moves the molecule to the origin', () => {
    const viewer = String(ngl.Viewer);
    expect(viewer).toContain('this.scene.add(this.rotationGroup)');
    expect(viewer).toContain('this.rotationGroup.add(this.translationGroup)');
    expect(viewer).toContain('this.renderer.domElement');
    expect(viewer).toMatch(/rendered:new |signals\.rendered\.dispatch/);
    for (const name of ['matrixWorldInverse', 'projectionMatrix', 'forceContextLoss']) {
      expect(source).toContain(`this.${name}=`);
    }
  });
});

test('a representation knows its atoms, and what colours and radii it has given them', () => {
  for (const name of ['getAtomParams', 'getBondParams']) {
    expect(typeof ngl.StructureRepresentation.prototype[name]).toBe('function');
  }
  expect(String(ngl.StructureRepresentation)).toContain('this.structureView=');
  const { getAtomData, getBondData } = ngl.Structure.prototype;
  for (const method of [getAtomData, getBondData]) {
    expect(String(method)).toMatch(/\.color=/);
    expect(String(method)).toMatch(/\.radius=/);
  }
});
