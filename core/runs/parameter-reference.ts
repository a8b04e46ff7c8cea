/**
 * The reference page of the run specification, as Markdown, derived from the table in parameters.ts.
 * It is kept as resources/specs/README.md; a test compares the two.
 */
import {
  allowedValues,
  isGroup,
  type Parameter,
  type ParameterGroup,
  type ParameterNode,
  parameters,
} from './parameters.ts';

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
    const kind: Parameter = { type: 'choice', options: Object.keys(node.of), default: node.default, help: node.help };
    const inner = Object.entries(node.of).flatMap(([name, group]) => parameterRows(group, `${key}<${name}>`));
    return [{ key: `${key}.kind`, parameter: kind }, ...inner];
  }
  return [{ key, parameter: node }];
}

export function defaultInWords(parameter: Parameter): string {
  const { default: value } = parameter;
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
    'Toy systems are in reduced units.',
    '',
    '| key | meaning | default | allowed | unit |',
    '| --- | --- | --- | --- | --- |',
    ...lines,
    '',
  ].join('\n');
}
