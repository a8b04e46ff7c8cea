/** All settings of a run as rows, in the order of the table of settings and with its units; files by their names. */
import { isGroup, type SettingNode } from '../../setting.ts';
import { type Specification, settingsOf } from '../../specification/settings.ts';

export interface SettingsRow {
  /** "experts[0].alpha". */
  readonly key: string;
  readonly value: string;
  readonly unit: string;
}

export const settingsRows = (specification: Specification): SettingsRow[] =>
  rowsOf(settingsOf[specification.method], specification, '');

function rowsOf(node: SettingNode, value: unknown, key: string): SettingsRow[] {
  if (isGroup(node)) {
    return Object.entries(node).flatMap(([name, inner]) =>
      rowsOf(inner, (value as Readonly<Record<string, unknown>>)[name], key === '' ? name : `${key}.${name}`),
    );
  }
  switch (node.type) {
    case 'list':
      return (value as readonly unknown[]).flatMap((item, i) => rowsOf(node.of, item, `${key}[${i}]`));
    case 'variants': {
      const { kind } = value as { readonly kind: string };
      return [{ key: `${key}.kind`, value: kind, unit: '' }, ...rowsOf(node.of[kind]!, value, key)];
    }
    case 'file':
    case 'files': {
      const names = [value].flat().map((path) => (path === null ? 'none' : String(path).replace(/^.*[\\/]/, '')));
      return [{ key, value: names.length === 0 ? 'none' : names.join(', '), unit: '' }];
    }
    default:
      return [{ key, value: inWords(value), unit: node.unit ?? '' }];
  }
}

const inWords = (value: unknown): string => {
  if (!Array.isArray(value)) return String(value);
  return value.length === 0 ? 'none' : value.join(', ');
};
