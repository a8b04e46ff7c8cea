/**
 * The part of the platform's WebAssembly that the product uses.
 * TypeScript describes it only together with the whole DOM, which core/ must not see.
 */
declare namespace WebAssembly {
  class Module {
    constructor(bytes: Uint8Array<ArrayBuffer>);
  }
  class Memory {
    constructor(descriptor: { initial: number; maximum: number; shared: true });
    readonly buffer: SharedArrayBuffer;
  }
  type ModuleImports = Record<string, Memory | number | ((...values: number[]) => unknown)>;
  class Instance {
    constructor(module: Module, imports?: Record<string, ModuleImports>);
    readonly exports: object;
  }
  function validate(bytes: Uint8Array<ArrayBuffer>): boolean;
}
