/**
 * The settings of runs side by side: every setting of a specification as one row, with its label, its unit and its
 * value in each run, and which of them differ. Labels and units come from the table of settings.
 */
import type { SettingGroup, SettingNode, SettingVariants } from '../../../core/setting.ts';
import { numberText } from '../../parts/number-text.ts';
import { choiceLabel, kindLabel, labelOf } from '../../parts/setting-words.ts';
import { isTree, type Json, type Tree } from '../../parts/tree.ts';

export interface SettingRow {
  readonly key: string;
  /** Where it belongs: "Expert 1", "Simulate". */
  readonly group: string;
  readonly label: string;
  readonly unit: string;
  /** One for each run; "–" where a run has no such setting. */
  readonly values: readonly string[];
  readonly differs: boolean;
}

type Path = readonly (string | number)[];
type Specification = { readonly [key: string]: Json } | undefined;

export function settingRows(table: SettingGroup, specifications: readonly Specification[]): SettingRow[] {
  const found = specifications.map((specification) => leavesOf(specification ?? {}));
  const paths = new Map<string, Path>();
  for (const leaves of found) for (const [key, { path }] of leaves) if (!paths.has(key)) paths.set(key, path);
  return [...paths].map(([key, path]) => {
    const nodes = specifications.map((specification) => nodeAt(table, path, specification));
    const values = found.map((leaves, run) => textOf(leaves.get(key)?.value, nodes[run], String(path.at(-1))));
    return {
      key,
      group: groupOf(path),
      label: labelAt(path),
      unit: nodes.map(unitOf).find((unit) => unit !== '') ?? '',
      values,
      differs: new Set(values).size > 1,
    };
  });
}

interface Leaf {
  readonly path: Path;
  readonly value: Json;
}

/** Lists of plain values are one setting; lists of groups are several. */
function leavesOf(tree: Json, path: Path = []): Map<string, Leaf> {
  const isGroup = isTree(tree) || (Array.isArray(tree) && tree.some((entry) => isTree(entry)));
  if (!isGroup) return new Map([[path.join('.'), { path, value: tree }]]);
  const entries: [string | number, Json][] = Array.isArray(tree)
    ? tree.map((entry, index) => [index, entry])
    : Object.entries(tree as { [key: string]: Json });
  return new Map(entries.flatMap(([key, value]) => [...leavesOf(value, [...path, key])]));
}

function textOf(value: Json | undefined, node: SettingNode | undefined, key: string): string {
  if (value === undefined || value === null) return '–';
  if (typeof value === 'number') return numberText(value);
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'string') return isVariants(node) ? kindLabel(node, value) : choiceLabel(value, key);
  return Array.isArray(value) ? value.map((each) => textOf(each, node, key)).join(', ') || '–' : JSON.stringify(value);
}

function groupOf(path: Path): string {
  const [first, second] = path;
  if (first === 'experts' && typeof second === 'number') return `Expert ${second + 1}`;
  return path.length === 1 ? 'Run' : labelOf(String(first));
}

function labelAt(path: Path): string {
  const last = path.findLast((key) => typeof key === 'string')!;
  if (last !== 'kind') return labelOf(String(last));
  return labelOf(String(path.at(-2)));
}

const unitOf = (node: SettingNode | undefined): string =>
  node !== undefined && 'unit' in node && typeof node.unit === 'string' ? node.unit : '';

const isVariants = (node: SettingNode | undefined): node is SettingVariants => node?.type === 'variants';

/** What the table says of a setting of a specification; of the key that tells groups apart, all of them. */
function nodeAt(table: SettingGroup, path: Path, specification: Specification): SettingNode | undefined {
  let node: SettingNode | undefined = table;
  let value: Json | undefined = specification as Json | undefined;
  for (const key of path) {
    node = childOf(node, key, value);
    value = Array.isArray(value) ? value[Number(key)] : isTree(value) ? value[key] : undefined;
  }
  return node;
}

function childOf(
  node: SettingNode | undefined,
  key: string | number,
  value: Json | undefined,
): SettingNode | undefined {
  if (node === undefined || typeof key === 'number') return node;
  if (isVariants(node)) return key === 'kind' ? node : node.of[String((value as Tree | undefined)?.kind)]?.[key];
  return ((node.type === 'list' ? node.of : node) as SettingGroup)[key];
}
