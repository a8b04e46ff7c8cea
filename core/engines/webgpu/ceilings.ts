/**
 * What a GPU can do at most, measured with shaders that do nothing else: multiply-add on registers, copying of memory,
 * shaders that wait for one another, the smallest question and its answer. Not shaders of the engine: they are its
 * measure.
 */
import type { Ceilings } from '../engine.ts';
import { READ, type SharedDevice, USAGE } from './shared-device.ts';

/** Long enough for a clock, far below what makes drivers reset the device. */
const SECONDS = 0.05;
const LANES = 256;
const GROUPS = 2048;
const SUMS = 8;
const LARGEST_COPY = 2 ** 28;
const CALLS = 9;

const ARITHMETIC = `
@group(0) @binding(0) var<storage, read_write> result: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> turns: array<u32>;
@compute @workgroup_size(${LANES})
fn main(@builtin(global_invocation_id) id: vec3u) {
  let factor = vec4f(f32(id.x & 7u) * 1e-3 + 0.5);
  let addend = vec4f(1e-3);
  ${Array.from({ length: SUMS }, (_, i) => `var sum${i} = vec4f(${i}.0);`).join('\n  ')}
  for (var turn = 0u; turn < turns[0]; turn++) {
    ${Array.from({ length: SUMS }, (_, i) => `sum${i} = fma(sum${i}, factor, addend);`).join('\n    ')}
  }
  // Unless the sums go somewhere, a compiler may leave them out.
  result[id.x & 255u] = ${Array.from({ length: SUMS }, (_, i) => `sum${i}`).join(' + ')};
}`;

const COPY = `
@group(0) @binding(0) var<storage, read_write> to: array<vec4f>;
@group(0) @binding(1) var<storage, read_write> source: array<vec4f>;
@compute @workgroup_size(${LANES})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var i = id.x; i < arrayLength(&to); i += ${LANES}u * groups.x) { to[i] = source[i]; }
}`;

const WAIT = `
@group(0) @binding(0) var<storage, read_write> to: array<f32>;
@group(0) @binding(1) var<storage, read_write> source: array<f32>;
@compute @workgroup_size(1)
fn main() { to[0] = to[0] + source[0]; }`;

export async function measureCeilings(gpu: SharedDevice): Promise<Ceilings> {
  const { device, mostBytes } = gpu;
  const copied = Math.min(LARGEST_COPY, mostBytes);
  const usage = USAGE.storage | USAGE.copyTo | USAGE.copyFrom;
  const buffers = [device.createBuffer({ size: copied, usage }), device.createBuffer({ size: copied, usage })];
  try {
    const prepared = (code: string, label: string) => prepare(device, buffers, code, label);
    const arithmetic = prepared(ARITHMETIC, 'ceiling: multiply-add');
    const perTurn = 2 * 4 * SUMS * LANES * GROUPS;
    const ofTurns = (turns: number) => {
      device.queue.writeBuffer(buffers[1]!, 0, Uint32Array.of(turns));
      return arithmetic(1, GROUPS);
    };
    const copy = prepared(COPY, 'ceiling: copy');
    const wait = prepared(WAIT, 'ceiling: wait');
    const ceilings = {
      operationsPerSecond: perTurn / (await secondsEach(ofTurns, 64)),
      bytesPerSecond: (2 * copied) / (await secondsEach((times) => copy(times, GROUPS), 1)),
      secondsPerShader: await secondsEach((times) => wait(times, 1), 64),
      secondsPerCall: await secondsOfCall(device, buffers[0]!, () => wait(1, 1)),
    };
    gpu.check();
    return ceilings;
  } finally {
    for (const buffer of buffers) buffer.destroy();
  }
}

/** Hands a shader to the device so often, one after the other, and waits until it is done. */
function prepare(device: GPUDevice, buffers: readonly GPUBuffer[], code: string, label: string) {
  const module = device.createShaderModule({ label, code });
  const pipeline = device.createComputePipeline({ label, layout: 'auto', compute: { module } });
  const entries = buffers.map((buffer, binding) => ({ binding, resource: { buffer } }));
  const group = device.createBindGroup({ layout: pipeline.getBindGroupLayout(0), entries });
  return async (times: number, groups: number): Promise<void> => {
    const encoder = device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    for (let i = 0; i < times; i++) pass.dispatchWorkgroups(groups);
    pass.end();
    device.queue.submit([encoder.finish()]);
    await device.queue.onSubmittedWorkDone();
  };
}

/** The least of several: other work on the machine can only add to it. */
async function secondsEach(work: (times: number) => Promise<void>, from: number): Promise<number> {
  for (let times = from; ; times *= 2) {
    if ((await secondsOf(() => work(times))) < SECONDS) continue;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < 3; i++) least = Math.min(least, await secondsOf(() => work(times)));
    return least / times;
  }
}

async function secondsOfCall(device: GPUDevice, from: GPUBuffer, work: () => Promise<void>): Promise<number> {
  const landing = device.createBuffer({ size: 16, usage: USAGE.mapRead | USAGE.copyTo });
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < CALLS; i++) {
    const seconds = await secondsOf(async () => {
      await work();
      const encoder = device.createCommandEncoder();
      encoder.copyBufferToBuffer(from, 0, landing, 0, 16);
      device.queue.submit([encoder.finish()]);
      await landing.mapAsync(READ);
      landing.unmap();
    });
    least = Math.min(least, seconds);
  }
  landing.destroy();
  return least;
}

async function secondsOf(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}
