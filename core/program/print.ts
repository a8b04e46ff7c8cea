/**
 * A program as text, one line a tensor, for a reader who wants to see what a pass did.
 */
import { fuse, type Unit } from './passes/fuse.ts';
import { type Stage, stagesOf } from './passes/stages.ts';
import { ruleOf } from './primitives.ts';
import { type Program, rootsOf } from './program.ts';
import { reachable, type Tensor } from './tensor.ts';

export function printProgram(program: Program): string {
  const order = reachable(rootsOf(program));
  const names = new Map<Tensor, string>(order.map((y, i) => [y, y.attributes.name ?? `%${i}`]));
  const stages = stagesOf(program);
  const lines = order.map((y) => {
    const attributes = Object.entries(y.attributes)
      .filter(([key]) => key !== 'name')
      .map(([key, value]) =>
        key === 'values' ? `values=${brief(value as Float64Array)}` : `${key}=${JSON.stringify(value)}`,
      );
    const operands = [...y.inputs.map((x) => names.get(x)!), ...attributes].join(', ');
    return `  ${names.get(y)} = ${y.primitive}(${operands}) : ${y.perSample ? 'S×' : ''}[${y.shape}]  ${stages.get(y)}`;
  });
  const results = [
    ...program.inputs.flatMap(({ name, next }) => (next ? [`  ${name} ← ${names.get(next)}`] : [])),
    ...program.outputs.map(({ name, tensor, when }) => `  ${name} = ${names.get(tensor)} (${when})`),
  ];
  return [`program '${program.name}'`, ...lines, 'results', ...results, ''].join('\n');
}

const brief = (values: Float64Array): string =>
  values.length <= 4 ? `[${values.join(' ')}]` : `[${values.slice(0, 4).join(' ')} … ${values.length}]`;

/** The units of work of an optimised program, stage by stage, with the operations of one evaluation. */
export function printUnits(program: Program): string {
  const plan = fuse(program);
  const lines: string[] = [];
  for (const stage of ['call', 'step', 'tile', 'post'] as const satisfies readonly Stage[]) {
    lines.push(`${stage}:`);
    for (const unit of plan.units[stage]) lines.push(`  ${describe(unit)}`);
  }
  return `${lines.join('\n')}\n`;
}

function describe(unit: Unit): string {
  switch (unit.kind) {
    case 'map': {
      const cost = unit.members.reduce((n, y) => n + ruleOf(y).cost(y), 0);
      return `map [${unit.shape}] ${unit.members.map((y) => y.primitive).join(' ')} → ${unit.outputs.length} stored, ${cost} operations`;
    }
    case 'reduce':
      return `${unit.target.primitive} [${unit.target.inputs[0]!.shape}] → [${unit.target.shape}] of ${unit.members.map((y) => y.primitive).join(' ') || 'a tensor'}`;
    case 'accumulate':
      return unit.b ? `accumulate product [${unit.product!.shape}]` : `accumulate [${unit.a.shape}]`;
    default:
      return `${unit.target.primitive} [${unit.target.inputs.map((x) => x.shape.join('×')).join('] [')}] → [${unit.target.shape}]`;
  }
}
