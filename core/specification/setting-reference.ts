/**
 * The reference page of the run specification, as Markdown, derived from the table in parameters.ts.
 * It is kept as resources/specs/README.md; a test compares the two.
 */
import { allowedValues, isGroup, type Setting, type SettingGroup, type SettingNode } from '../setting.ts';
import { settings } from './settings.ts';

/** One parameter with its full key: list entries are written `[]`, variants in angle brackets. */
export interface SettingRow {
  readonly key: string;
  readonly setting: Setting;
}

export function settingRows(group: SettingGroup = settings, prefix = ''): SettingRow[] {
  return Object.entries(group).flatMap(([key, node]) => rowsOf(node, prefix === '' ? key : `${prefix}.${key}`));
}

function rowsOf(node: SettingNode, key: string): SettingRow[] {
  if (isGroup(node)) return settingRows(node, key);
  if (node.type === 'list') return settingRows(node.of, `${key}[]`);
  if (node.type === 'variants') {
    const { help, default: chosen, derivedDefault } = node;
    const derived = derivedDefault === undefined ? {} : { derivedDefault };
    const kind: Setting = { type: 'choice', options: Object.keys(node.of), default: chosen, help, ...derived };
    // Kinds of the very same parameters are listed once.
    const inner = [...new Set(Object.values(node.of))].flatMap((group) => {
      const names = Object.keys(node.of).filter((name) => node.of[name] === group);
      return settingRows(group, `${key}<${names.join(', ')}>`);
    });
    return [{ key: `${key}.kind`, setting: kind }, ...inner];
  }
  return [{ key, setting: node }];
}

export function defaultInWords(setting: Setting): string {
  const { default: value } = setting;
  if (Array.isArray(value) && value.length === 0) return 'none';
  if (value === null) return ('derivedDefault' in setting && setting.derivedDefault) || 'none';
  return typeof value === 'string' ? value : JSON.stringify(value).replaceAll(',', ', ');
}

export function settingReference(): string {
  const lines = settingRows().map(({ key, setting }) => {
    const cells = [`\`${key}\``, setting.help, defaultInWords(setting), allowedValues(setting), setting.unit ?? ''];
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
