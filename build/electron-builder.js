/**
 * What the desktop application is made of, and the packages it comes in: `npm run package` makes those that this system
 * can make, in release/. Everything that runs is in dist/, bundled; no package of node_modules goes along.
 */

/**
 * The host and its threads are real files beside the archive: threads find one another by file. They are plain modules,
 * which Node knows by the package.json above them.
 */
const host = ['host-process.js', 'job-worker.js', 'reader-worker.js', 'wasm-worker.js'].map((name) => `dist/${name}`);

export default {
  appId: 'org.ergodic.workstation',
  productName: 'Ergodic',
  copyright: 'MIT licence',
  // What a Debian package has to say of itself: where one reads what the program does, and who makes it.
  extraMetadata: { homepage: 'https://arxiv.org/abs/2506.17139', author: 'Ergodic contributors' },
  directories: { output: 'release', buildResources: 'resources/icons' },
  files: [
    'package.json',
    'dist/main.cjs',
    'dist/preload.cjs',
    'dist/gpu-preload.cjs',
    ...host,
    'dist/renderer/**/*',
    'dist/licences.md',
    '!node_modules',
  ],
  asarUnpack: ['package.json', ...host],
  extraResources: ['alanine-dipeptide', 'ethanol', 'specs'].map((name) => ({
    from: `resources/${name}`,
    to: `resources/${name}`,
  })),
  // Nothing is compiled for Electron.
  npmRebuild: false,
  publish: null,
  electronLanguages: ['en', 'en-US'],
  electronFuses: {
    runAsNode: false,
    enableCookieEncryption: true,
    enableNodeOptionsEnvironmentVariable: false,
    enableNodeCliInspectArguments: false,
    enableEmbeddedAsarIntegrityValidation: true,
    onlyLoadAppFromAsar: true,
    loadBrowserProcessSpecificV8Snapshot: false,
    grantFileProtocolExtraPrivileges: false,
  },
  linux: {
    target: ['AppImage', 'deb'],
    category: 'Science',
    synopsis: 'Molecular simulation with energy-based diffusion models',
    maintainer: 'Ergodic contributors',
  },
  mac: { target: 'dmg', category: 'public.app-category.education', hardenedRuntime: true },
  win: { target: 'nsis' },
  nsis: { oneClick: false, allowToChangeInstallationDirectory: true },
};
