/** The version of the product: the one in package.json. */
import packageFile from '../../package.json' with { type: 'json' };

export const version: string = packageFile.version;
