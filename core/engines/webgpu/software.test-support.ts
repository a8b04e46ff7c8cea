/**
 * A software adapter for tests: the SwiftShader that comes with Chromium, through the `webgpu` package. Where
 * either is missing there is none, and the reason says what to install.
 */
import { existsSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type DeviceOptions, findDevice } from './device.ts';
import { localGpu } from './local-gpu.ts';
import { LANES } from './shaders.ts';
import { type GpuChoices, webgpuEngine } from './webgpu.ts';

const FILE = 'vk_swiftshader_icd.json';
const FOLDERS = [
  dirname(process.env.PLAYWRIGHT_CHROMIUM ?? ''),
  '/usr/lib/chromium',
  '/usr/lib/chromium-browser',
  '/opt/google/chrome',
];

/** What a process must find around it before it asks Vulkan for the first time. */
export function softwareEnvironment(): Record<string, string> {
  const { XDG_RUNTIME_DIR = tmpdir(), VK_ICD_FILENAMES } = process.env;
  const found = VK_ICD_FILENAMES ?? FOLDERS.map((folder) => join(folder, FILE)).find((path) => existsSync(path));
  return { XDG_RUNTIME_DIR, ...(found && { VK_ICD_FILENAMES: found }) };
}

export const softwareGpu = (options: DeviceOptions = {}) => localGpu({ ...options, software: true });

/** With the shaders of a GPU, unless told otherwise. */
export const softwareEngine = ({ lanes = LANES.gpu, placement, ...options }: DeviceOptions & GpuChoices = {}) =>
  webgpuEngine(softwareGpu(options), { lanes, ...(placement && { placement }) });

/** Undefined where there is one. */
export async function whyNoSoftware(): Promise<string | undefined> {
  Object.assign(process.env, softwareEnvironment());
  const found = await findDevice({ software: true });
  if ('reason' in found) return `${found.reason} (Debian: chromium and libvulkan1.)`;
  found.device.destroy();
  return undefined;
}
