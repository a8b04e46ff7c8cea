/** Where the files that come with the product lie: beside the sources, or beside the bundle in dist/. */
import { fileURLToPath } from 'node:url';

const isBundled = !import.meta.url.endsWith('.ts');
const root = new URL(isBundled ? '../' : '../../', import.meta.url);

export const resourcesFolder: string = fileURLToPath(new URL('resources', root));
/** The window, as built. */
export const windowFolder: string = fileURLToPath(new URL('dist/renderer', root));
