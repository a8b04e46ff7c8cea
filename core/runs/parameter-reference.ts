/**
 * The reference page of the run specification, as Markdown, derived from the table in parameters.ts.
 * It is kept as resources/specs/README.md; a test compares the two.
 */
import { allowedValues, isGroup, type Parameter, type ParameterGroup, type ParameterNode } from './parameter.ts';
import { parameters } from './parameters.ts';

/** One parameter with its full key: list entries are written `[]`, variants in angle brackets. */
export interface ParameterRow {
  readonly key: string;
  readonly parameter: Parameter;
}

export function parameterRows(group: ParameterGroup = parameters, prefix = ''): ParameterRow[] {
  return Object.entries(group).flatMap(([key, node]) => rowsOf(node, prefix === '' ? key : `${prefix}.${key}`));
}

function rowsOf(node: ParameterNode, key: string): ParameterRow[] {
  if (isGroup(node)) return parameterRows(node, key);
  if (node.type === 'list') return parameterRows(node.of, `${key}[]`);
  if (node.type === 'variants') {
    const { help, default: chosen, derivedDefault } = node;
    const derived = derivedDefault === undefined ? {} : { derivedDefault };
    const kind: Parameter = { type: 'choice', options: Object.keys(node.of), default: chosen, help, ...derived };
    // Kinds of the very same parameters are listed once.
    const inner = [...new Set(Object.values(node.of))].flatMap((group) => {
      const names = Object.keys(node.of).filter((name) => node.of[name] === group);
      return parameterRows(group, `${key}<${names.join(', ')}>`);
    });
    return [{ key: `${key}.kind`, parameter: kind }, ...inner];
  }
  return [{ key, parameter: node }];
}

export function defaultInWords(parameter: Parameter): string {
  const { default: value } = parameter;
  if (Array.isArray(value) && value.length === 0) return 'none';
  if (value === null) return ('derivedDefault' in parameter && parameter.derivedDefault) || 'none';
  return typeof value === 'string' ? value : JSON.stringify(value).replaceAll(',', ', ');
}

export function parameterReference(): string {
  const lines = parameterRows().map(({ key, parameter }) => {
    const cells = [
      `\`${key}\``,
      parameter.help,
      defaultInWords(parameter),
      allowedValues(parameter),
      parameter.unit ?? '',
    ];
    return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  });
  return [
    '# Run specifications',
    '',
    'A specification is one YAML or JSON file. Every key may be left out; its default then applies and is written into',
    "the run's `run.json`. `experts[]` is a list, and `experts[].network<mlp>` a network with `kind: mlp`.",
    'Files are looked for beside the specification. Toy systems are in reduced units.',
    '',
    '| key | meaning | default | allowed | unit |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
}
