/**
 * The files that a draft names, found by the table of settings: ids are exchanged for paths and back. A draft may be
 * half typed, so what does not fit the table stays as it is.
 */
import { isGroup, type SettingNode } from '../setting.ts';
import { settings } from '../specification/settings.ts';
import type { Draft } from './contract.ts';

type Path = readonly (string | number)[];
type Exchange = (file: string, path: Path) => unknown;

/** The draft with every file replaced by what `exchange` makes of it. */
export const withFiles = (draft: Draft, exchange: Exchange): unknown => exchanged(settings, draft, exchange, []);

function exchanged(node: SettingNode, value: unknown, exchange: Exchange, path: Path): unknown {
  if (isGroup(node)) {
    if (!isRecord(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [
        key,
        Object.hasOwn(node, key) ? exchanged(node[key]!, inner, exchange, [...path, key]) : inner,
      ]),
    );
  }
  switch (node.type) {
    case 'list':
      return Array.isArray(value) ? value.map((item, i) => exchanged(node.of, item, exchange, [...path, i])) : value;
    case 'variants': {
      const kind = isRecord(value) ? value.kind : undefined;
      const group = typeof kind === 'string' && Object.hasOwn(node.of, kind) ? node.of[kind] : undefined;
      return group ? exchanged(group, value, exchange, path) : value;
    }
    case 'file':
      return typeof value === 'string' ? exchange(value, path) : value;
    case 'files':
      if (!Array.isArray(value)) return value;
      return value.map((file, i) => (typeof file === 'string' ? exchange(file, [...path, i]) : file));
    default:
      return value;
  }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
