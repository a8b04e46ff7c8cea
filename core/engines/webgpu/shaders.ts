/**
 * From pieces of work to shaders: each piece alone, one after the other, or all that is done for a sample in one shader
 * that goes through many steps. There a workgroup has a few samples to itself, and its invocations meet after each
 * piece; a small system then costs one dispatch for many steps rather than hundreds for each.
 */
import type { Shader } from './device-program.ts';
import type { Kernel } from './kernel.ts';
import { shader, WORKGROUP, withPlaces } from './wgsl.ts';

/**
 * Invocations of a workgroup that has samples to itself: on a GPU as many as every device has room for. In software they
 * do not work side by side, and all of them stop whenever they meet: there, as many as a CPU has in one register.
 */
export const LANES = { gpu: 256, software: 4 } as const;

const indented = (lines: readonly string[], by = '  ') => lines.map((line) => `${by}${line}`);

function aloneShader({ title, count, span, lines }: Kernel): Shader {
  const begin =
    span > 0
      ? [`let apart = ${setsOf(span)};`, 'let s = index % apart;', 'let e = index / apart;']
      : ['let e = index;'];
  const body = [
    `@compute @workgroup_size(${WORKGROUP})`,
    'fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {',
    '  now = given;',
    `  let index = id.x + id.y * groups.x * ${WORKGROUP}u;`,
    `  if (index >= ${count}u${span > 0 ? ` * ${setsOf(span)}` : ''}) { return; }`,
    ...indented([...begin, ...lines]),
    '}',
  ];
  const { text, places } = withPlaces(body.join('\n'));
  return { title, code: shader(text), places, count, span, perGroup: WORKGROUP };
}

/** Of so many samples, of which the last may have fewer. */
const setsOf = (span: number) => (span === 1 ? 'now.samples' : `((now.samples + ${span - 1}u) / ${span}u)`);

/** Of shared work so much is little: a workgroup does it in a few turns, and the rest of the GPU may wait so long. */
const LITTLE = 1024;
/** Lines of several pieces in one shader: drivers take longer over a long one than over its parts, which may be known. */
const LONGEST = 96;
/** Those around each piece. */
const AROUND = 4;

/** Pieces of work in their order; neighbours that are little and shared are done by one workgroup in one shader. */
export function shadersFor(kernels: readonly Kernel[], lanes: number): Shader[] {
  const runs: Kernel[][] = [];
  for (const kernel of kernels) {
    const run = runs.at(-1);
    if (run && joins(run, kernel)) run.push(kernel);
    else runs.push([kernel]);
  }
  return runs.map((run) => (run.length === 1 ? aloneShader(run[0]!) : sharedShader(run, lanes)));
}

const joins = (run: readonly Kernel[], kernel: Kernel): boolean => {
  const together = [...run, kernel];
  const lines = together.reduce((sum, piece) => sum + piece.lines.length + AROUND, 0);
  return lines <= LONGEST && together.every(({ count, span }) => span === 0 && count <= LITTLE);
};

function sharedShader(kernels: readonly Kernel[], lanes: number): Shader {
  const body = [
    `@compute @workgroup_size(${lanes})`,
    'fn main(@builtin(local_invocation_index) lane: u32) {',
    '  now = given;',
    ...kernels.flatMap(({ title, count, lines }) => [
      `  // ${title}`,
      `  for (var e = lane; e < ${count}u; e += ${lanes}u) {`,
      ...indented(lines, '    '),
      '  }',
      '  storageBarrier();',
    ]),
    '}',
  ];
  const title = `${kernels.length} pieces of shared work`;
  const { text, places } = withPlaces(body.join('\n'));
  return { title, code: shader(text), places, count: 1, span: 0, perGroup: 1 };
}

/** What is done for samples in each step, and afterwards where it is due. */
export interface SampleWork {
  readonly step: readonly Kernel[];
  readonly records: Readonly<Record<'step' | 'stride' | 'end', readonly Kernel[]>>;
  readonly carry: readonly Kernel[];
}

/** `together`: samples of one workgroup, and `lanes` its invocations. */
export function residentShader(name: string, work: SampleWork, together: number, lanes: number): Shader {
  const piece = ({ title, count, lines }: Kernel): string[] => {
    const total = count * together;
    const one = [
      `let e = i % ${count}u;`,
      together === 1 ? 'let s = first;' : `let s = first + i / ${count}u;`,
      ...(together === 1 ? [] : ['if (s >= now.samples) { break; }']),
      ...lines,
    ];
    return [`// ${title}`, `for (var i = lane; i < ${total}u; i += ${lanes}u) {`, ...indented(one), '}'];
  };
  const when = (condition: string, kernels: readonly Kernel[]) => {
    const lines = kernels.flatMap(piece);
    return lines.length === 0 ? [] : [`if (${condition}) {`, ...indented(lines), '}'];
  };
  const recorded = [
    ...work.records.step.flatMap(piece),
    ...when('(now.index + 1u) % now.stride == 0u', work.records.stride),
    ...when('now.index + 1u == now.steps', work.records.end),
  ];
  const carried = when('now.index + 1u < now.steps', work.carry);
  const meet = 'storageBarrier();';
  const loop = [
    ...work.step.flatMap((kernel) => [...piece(kernel), meet]),
    ...recorded,
    // What is recorded may be what the next step begins with.
    ...(recorded.length > 0 && carried.length > 0 ? [meet] : []),
    ...carried,
    meet,
    'now.step++;',
    'now.index++;',
    'now.stride_index = (now.index + 1u) / now.stride - 1u;',
  ];
  const title = `${name}: all of ${together === 1 ? 'a sample' : `${together} samples`}, step after step`;
  const body = [
    `@compute @workgroup_size(${lanes})`,
    'fn main(@builtin(workgroup_id) place: vec3u, @builtin(num_workgroups) groups: vec3u, @builtin(local_invocation_index) lane: u32) {',
    '  now = given;',
    `  let first = (place.x + place.y * groups.x) * ${together}u;`,
    '  if (first >= given.samples) { return; }',
    '  for (var step = 0u; step < given.count; step++) {',
    ...indented(loop, '    '),
    '  }',
    '}',
  ];
  return { title, code: shader(body.join('\n')), places: [], count: 1, span: together, perGroup: 1 };
}
