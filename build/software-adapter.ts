/**
 * `npx node build/software-adapter.ts COMMAND …`: `ergodic` on a software adapter instead of a GPU. The product
 * itself never takes one; this is for whole runs on the engine webgpu without a GPU (`run SPEC --engine webgpu`).
 * A hundred times slower than the CPU.
 */
import { setGpuProvider } from '../core/engines/registry.ts';
import { softwareGpu, whyNoSoftware } from '../core/engines/webgpu/software.test-support.ts';

const missing = await whyNoSoftware();
if (missing) throw new Error(missing);
setGpuProvider(() => softwareGpu());
await import('../core/cli/main.ts');
