/** Files in sentences as a person knows them: by their names alone, wherever they lie. */

/** An absolute path in backquotes; a command in backquotes has words before its paths. */
const QUOTED_PATH = /`(?:\/|[A-Za-z]:[\\/]|\\\\)[^`]*`/g;

export const withShortNames = (sentence: string): string =>
  sentence.replace(QUOTED_PATH, (quoted) => {
    const name = quoted
      .slice(1, -1)
      .replace(/[\\/]+$/, '')
      .replace(/^.*[\\/]/, '');
    return name === '' ? quoted : `\`${name}\``;
  });
