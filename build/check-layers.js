/**
 * Enforces the house rule: inside core/ imports go down the list of layers only; renderer/ takes types and
 * what `sharedWithWindows` lists from core/, electron/ takes core/host; layers below runs/ do no I/O (no Node modules).
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
  'program',
  'engines',
  'models',
  'diffusion',
  'dynamics',
  'drifting',
  'systems',
  'formats',
  'analysis',
  'runs',
  'host',
  'cli',
];

/** Files below runs/ that may use a Node module, and which. */
const allowedNodeModules = {
  'core/engines/wasm/threads.ts': ['worker_threads', 'os'],
  'core/engines/wasm/worker.ts': ['worker_threads'],
};

/** What the host and its windows both run: what they say, how it travels, how a molecule is laid on another, the colours
 * of numbers, and what computes on a graphics card, which only a window may have. */
const sharedWithWindows = [
  'core/analysis/figures/colour-map.ts',
  'core/engines/webgpu/card-door.ts',
  'core/engines/webgpu/own-card.ts',
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

const layerOf = (path) => path.split('/')[1] ?? '';
const isBelowRuns = (layer) => layers.indexOf(layer) < layers.indexOf('runs');

/** One sentence for an import that breaks the rule, or undefined. `path` is relative to the project, with slashes. */
function judge(path, { specifier, typeOnly }) {
  const area = path.split('/')[0];
  const builtin = specifier.startsWith('node:') || builtinModules.includes(specifier);
  if (builtin) {
    const moduleName = specifier.replace(/^node:/, '');
    if (area !== 'core' || !isBelowRuns(layerOf(path)) || allowedNodeModules[path]?.includes(moduleName)) return;
    return `${path} imports ${specifier}, but the layers below core/runs do no input or output.`;
  }
  if (!specifier.startsWith('.')) return;
  const target = posix.join(posix.dirname(path), specifier);
  const intoCore = target.startsWith('core/');
  if (area === 'renderer') {
    if (!intoCore || typeOnly || sharedWithWindows.includes(target)) return;
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

/** All violations in a project folder. */
export function checkProject(root) {
  return ['core', 'renderer', 'electron']
    .flatMap((area) => sourcesUnder(root, area))
    .flatMap((path) => violationsIn(path, readFileSync(join(root, path), 'utf8')));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const violations = checkProject(join(fileURLToPath(import.meta.url), '../..'));
  for (const sentence of violations) console.error(sentence);
  process.exitCode = violations.length > 0 ? 1 : 0;
}
