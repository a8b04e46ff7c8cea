/**
 * Enforces the house rule: inside core/ imports go down the list of layers only; renderer/ takes types and
 * what `sharedWithWindows` lists from core/, electron/ takes core/host; layers below storage/ do no I/O (no Node modules).
 * No files import each other in a circle, not even for types: neither of them could be read first.
 * Tests (*.test.ts, *.test-support.ts) are not part of the house and may import anything.
 * Not a type checker: it reads import statements, nothing else.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';

/** From the bottom up: a layer may import itself and anything before it. */
const layers = [
  'units.ts',
  'errors.ts',
  'nearest-word.ts',
  'setting.ts',
  'task.ts',
  'symmetric-eigen.ts',
  'program',
  'engines',
  'models',
  'optimiser',
  'diffusion',
  'dynamics',
  'drifting',
  'reweighting',
  'systems',
  'formats',
  'analysis',
  'methods',
  'specification',
  'storage',
  'runs',
  'host',
  'cli',
];

/** Files below storage/ that may use a Node module, and which. */
const allowedNodeModules = {
  'core/engines/wasm/threads.ts': ['worker_threads', 'os'],
  'core/engines/wasm/worker.ts': ['worker_threads'],
};

/** What the host and its windows both run, files and whole folders: figures, the noise schedule, their messages and how
 * these travel, superposition, and what computes on a GPU, which only a window may have. */
const sharedWithWindows = [
  'core/analysis/figures/',
  'core/analysis/metrics/measure-text.ts',
  'core/analysis/metrics/quality-tables.ts',
  'core/diffusion/noise-schedule.ts',
  'core/engines/webgpu/remote-gpu.ts',
  'core/engines/webgpu/local-gpu.ts',
  'core/host/contract.ts',
  'core/host/transports/message-codec.ts',
  'core/host/transports/message-port.ts',
  'core/systems/superpose.ts',
];

/** The imports of a TypeScript source: what is imported, and whether only its types are. */
export function importsOf(source) {
  const token = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`/g;
  const code = source.replace(token, (text) => (text.startsWith('/') ? ' ' : text));
  const statement =
    /(?:^|[;\n}])\s*(?:import|export)\s+(type\s+)?(?:[\w*${},\s]*?\sfrom\s*)?['"]([^'"\n]+)['"]|\bimport\s*\(\s*['"`]([^'"`\n]+)['"`]/g;
  return [...code.matchAll(statement)].map((match) => ({
    specifier: match[2] ?? match[3],
    typeOnly: match[1] !== undefined,
  }));
}

/** What a shared folder itself may take more than types from: what is as pure, and as light, as it is. */
const lightEnoughToShare = ['core/analysis/', 'core/systems/', 'core/errors.ts', 'core/units.ts'];

/** A folder ends with a slash. */
const isWithin = (path, shared) => (shared.endsWith('/') ? path.startsWith(shared) : path === shared);

const layerOf = (path) => path.split('/')[1] ?? '';
const isPure = (layer) => layers.indexOf(layer) < layers.indexOf('storage');

/** One sentence for an import that breaks the rule, or undefined. `path` is relative to the project, with slashes. */
function judge(path, { specifier, typeOnly }) {
  const area = path.split('/')[0];
  const builtin = specifier.startsWith('node:') || builtinModules.includes(specifier);
  if (builtin) {
    const moduleName = specifier.replace(/^node:/, '');
    if (area !== 'core' || !isPure(layerOf(path)) || allowedNodeModules[path]?.includes(moduleName)) return;
    return `${path} imports ${specifier}, but the layers below core/storage do no input or output.`;
  }
  if (!specifier.startsWith('.')) return;
  const target = posix.join(posix.dirname(path), specifier);
  const intoCore = target.startsWith('core/');
  if (area === 'renderer') {
    if (!intoCore || typeOnly || sharedWithWindows.some((shared) => isWithin(target, shared))) return;
    return `${path} imports ${target}, but renderer/ takes only types and ${sharedWithWindows.join(', ')} from core/.`;
  }
  if (area === 'electron') {
    if (!intoCore || target.startsWith('core/host/')) return;
    return `${path} imports ${target}, but electron/ takes only core/host from core/.`;
  }
  const from = layerOf(path);
  if (!layers.includes(from)) return `${path} lies in no layer: put it into one of core/{${layers.join(',')}}.`;
  if (!intoCore) {
    if (specifier.endsWith('/package.json')) return;
    return `${path} imports ${target}, but core/ depends on nothing outside core/.`;
  }
  const isShared = sharedWithWindows.some((shared) => shared.endsWith('/') && path.startsWith(shared));
  if (isShared && !typeOnly && !lightEnoughToShare.some((shared) => isWithin(target, shared))) {
    return `${path} imports ${target}, but windows have this folder, too: it takes more than types only from ${lightEnoughToShare.join(', ')}.`;
  }
  if (layers.indexOf(layerOf(target)) <= layers.indexOf(from) && layers.includes(layerOf(target))) return;
  return `${path} imports ${target}, but core/${from} may import only layers below it, and ${layerOf(target)} is not one.`;
}

/** All violations in one source file, as sentences. */
export function violationsIn(path, source) {
  return importsOf(source).flatMap((found) => judge(path, found) ?? []);
}

function sourcesUnder(root, folder) {
  let entries;
  try {
    entries = readdirSync(join(root, folder), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) return entry.name === 'assembly' ? [] : sourcesUnder(root, path);
    return /\.(ts|js|svelte)$/.test(entry.name) && !/\.(test|test-support|generated)\.ts$/.test(entry.name)
      ? [path]
      : [];
  });
}

/**
 * One sentence for each circle of files (strongly connected components, Tarjan 1972). `sources`: path → source text.
 */
export function circlesIn(sources) {
  const targets = (path) =>
    importsOf(sources.get(path))
      .filter(({ specifier }) => specifier.startsWith('.'))
      .map(({ specifier }) => posix.join(posix.dirname(path), specifier))
      .filter((target) => sources.has(target));
  const index = new Map();
  const lowest = new Map();
  const stack = [];
  const circles = [];
  const visit = (path) => {
    index.set(path, index.size);
    lowest.set(path, index.get(path));
    stack.push(path);
    for (const target of targets(path)) {
      if (!index.has(target)) {
        visit(target);
        lowest.set(path, Math.min(lowest.get(path), lowest.get(target)));
      } else if (stack.includes(target)) lowest.set(path, Math.min(lowest.get(path), index.get(target)));
    }
    if (lowest.get(path) !== index.get(path)) return;
    const members = stack.splice(stack.indexOf(path));
    if (members.length > 1) circles.push(`These files import each other in a circle: ${members.sort().join(', ')}.`);
  };
  for (const path of sources.keys()) if (!index.has(path)) visit(path);
  return circles;
}

/** All violations in a project folder. */
export function checkProject(root) {
  const paths = ['core', 'renderer', 'electron'].flatMap((area) => sourcesUnder(root, area));
  const sources = new Map(paths.map((path) => [path, readFileSync(join(root, path), 'utf8')]));
  return [...[...sources].flatMap(([path, source]) => violationsIn(path, source)), ...circlesIn(sources)];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const violations = checkProject(join(fileURLToPath(import.meta.url), '../..'));
  for (const sentence of violations) console.error(sentence);
  process.exitCode = violations.length > 0 ? 1 : 0;
}
