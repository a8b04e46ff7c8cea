/**
 * `npx node build/software-adapter.ts COMMAND …`: `ergodic` with a graphics card in software in the place of a real one, which
 * the product itself never takes: for whole runs on the engine webgpu where there is no card (`run SPEC --engine webgpu`).
 * A hundred times slower than the processor.
 */
import { setGpuProvider } from '../core/engines/registry.ts';
import { softwareCard, whyNoSoftware } from '../core/engines/webgpu/software.test-support.ts';

const missing = await whyNoSoftware();
if (missing) throw new Error(missing);
setGpuProvider(() => softwareCard());
await import('../core/cli/main.ts');
