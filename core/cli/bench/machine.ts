/** What the timings were taken on, as far as it decides them; `load` tells whether the machine had other work. */
import { cpus, loadavg, totalmem } from 'node:os';
import type { EngineInfo } from '../../engines/engine.ts';
import { version } from '../version.ts';

export interface Machine {
  readonly version: string;
  readonly node: string;
  readonly platform: string;
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGB: number;
  readonly engine: string;
  readonly device: string;
  readonly threads: number;
  /** Processes that wanted a core over the last minute, before the timings began; 0 where the system does not say. */
  readonly load: number;
}

export function describeMachine({ name, device, threads }: EngineInfo): Machine {
  const cpuCores = cpus();
  return {
    version,
    node: process.versions.node,
    platform: `${process.platform} ${process.arch}`,
    cpu: cpuCores[0]?.model.trim() || 'unknown',
    cores: cpuCores.length,
    memoryGB: Math.round(totalmem() / 2 ** 30),
    engine: name,
    device,
    threads,
    load: Number((loadavg()[0] ?? 0).toFixed(2)),
  };
}
