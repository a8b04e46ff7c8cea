/**
 * What a person reads in a source file: comments, strings, the text of markup. `proseOf` gives the source back at its
 * own length with everything else blanked by NUL, so that an index into it is an index into the file. Line breaks in a
 * comment and the gaps between joined strings are spaces, so that a phrase is found across them.
 * Not a parser: it knows comments, strings, templates, regular expressions and tags, and nothing of what they mean.
 */

/** A string that is a key, a path, a class or a type rather than words: no space in it, and a small first letter. */
const isKey = (text) => !/\s/.test(text) && !/^[A-Z]/.test(text);

const spaces = (text) => ' '.repeat(text.length);
const blank = (text) => '\0'.repeat(text.length);

/** Code in backticks and addresses are not words. */
const commentText = (text) =>
  text.replace(/\n\s*(?:\*(?!\/)|\/\/+)?/g, spaces).replace(/`[^`]*`|\bhttps?:\S+|\{@link [^}]*\}/g, blank);

/** What `pattern` finds at exactly `at`, or ''. */
const matchAt = (pattern, source, at) => {
  const sticky = new RegExp(pattern, 'y');
  sticky.lastIndex = at;
  return sticky.exec(source)?.[0] ?? '';
};

const BLOCK_COMMENT = /\/\*[\s\S]*?(?:\*\/|$)/;
/** Neighbouring line comments are one text. */
const LINE_COMMENTS = /\/\/[^\n]*(?:\n[ \t]*\/\/[^\n]*)*/;
const MARKUP_COMMENT = /<!--[\s\S]*?(?:-->|$)/;
const QUOTED = /'(?:\\[\s\S]|[^'\\\n])*'|"(?:\\[\s\S]|[^"\\\n])*"/;
const REGEX = /\/(?![*/])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\[\n])+\/[a-z]*/;
const REGEX_MAY_FOLLOW = /(?:^|[=(,:;!&|?{}[+\-*%<>~^]|\b(?:return|typeof|case|of|in))\s*$/;

class Prose {
  constructor(source) {
    this.source = source;
    this.shown = new Array(source.length).fill('\0');
    /** Where the last string ended, to join it with the next one. */
    this.stringEnd = -1;
  }

  show(at, text) {
    for (let i = 0; i < text.length; i++) this.shown[at + i] = text[i];
  }

  comment(at, pattern) {
    const text = matchAt(pattern, this.source, at);
    this.show(at, commentText(text));
    return at + text.length;
  }

  /** A string begins at `at`: 'one ' + 'two' is one text. */
  join(at) {
    if (this.stringEnd < 0 || !/^\s*\+\s*$/.test(this.source.slice(this.stringEnd, at))) return;
    this.show(this.stringEnd - 1, ' '.repeat(at - this.stringEnd + 2));
  }

  quoted(at) {
    const text = matchAt(QUOTED, this.source, at);
    if (text === '') return at + 1;
    if (!isKey(text.slice(1, -1))) this.show(at + 1, text.slice(1, -1));
    this.join(at);
    this.stringEnd = at + text.length;
    return this.stringEnd;
  }

  template(start) {
    const parts = [];
    let at = start + 1;
    let from = at;
    while (at < this.source.length && this.source[at] !== '`') {
      if (this.source[at] === '\\') at += 2;
      else if (this.source.startsWith('${', at)) {
        parts.push(from);
        parts.push(at);
        at = this.code(at + 2, true) + 1;
        from = at;
      } else at++;
    }
    parts.push(from, at);
    const texts = [];
    for (let i = 0; i < parts.length; i += 2) texts.push(this.source.slice(parts[i], parts[i + 1]));
    if (!isKey(texts.join(''))) {
      for (const [i, text] of texts.entries()) this.show(parts[2 * i], text.replaceAll('\n', ' '));
    }
    this.join(start);
    this.stringEnd = at + 1;
    return at + 1;
  }

  /** TypeScript from `start` to `end`, or, where it is nested, to the `}` that closes it; returns where it stopped. */
  code(start, nested, end = this.source.length) {
    const { source } = this;
    let depth = 0;
    let at = start;
    while (at < end) {
      const char = source[at];
      if (source.startsWith('/*', at)) at = this.comment(at, BLOCK_COMMENT);
      else if (source.startsWith('//', at)) at = this.comment(at, LINE_COMMENTS);
      else if (char === "'" || char === '"') at = this.quoted(at);
      else if (char === '`') at = this.template(at);
      else if (char === '/' && REGEX_MAY_FOLLOW.test(source.slice(Math.max(start, at - 40), at))) {
        at += matchAt(REGEX, source, at).length || 1;
      } else {
        if (char === '{') depth++;
        if (char === '}' && depth-- === 0 && nested) return at;
        at++;
      }
    }
    return at;
  }

  /** Svelte or HTML: text between tags, values of attributes, and code in braces. */
  markup() {
    const { source } = this;
    let at = 0;
    let inTag = false;
    while (at < source.length) {
      const block = inTag ? '' : matchAt(/<(script|style)\b[^>]*>/, source, at);
      if (block !== '') {
        const close = source.indexOf(block.startsWith('<script') ? '</script>' : '</style>', at);
        at = this.code(at + block.length, false, close < 0 ? source.length : close);
      } else if (source.startsWith('<!--', at)) at = this.comment(at, MARKUP_COMMENT);
      else if (source[at] === '{') at = this.code(at + 1, true) + 1;
      else if (inTag && source.startsWith('//', at)) at = this.comment(at, LINE_COMMENTS);
      else if (inTag && /['"]/.test(source[at])) at = this.attribute(at);
      else if (/^<[/a-zA-Z]/.test(source.slice(at, at + 2))) {
        inTag = true;
        at += matchAt(/<\/?[\w:.-]+/, source, at).length || 1;
      } else if (inTag && source[at] === '>') {
        inTag = false;
        at++;
      } else {
        if (!inTag) this.show(at, source[at] === '\n' ? ' ' : source[at]);
        at++;
      }
    }
  }

  /** A quoted value, in which braces hold code. */
  attribute(start) {
    const quote = this.source[start];
    let at = start + 1;
    const isClass = /\b(?:class|id|style|for)=$/.test(this.source.slice(Math.max(0, start - 8), start));
    while (at < this.source.length && this.source[at] !== quote) {
      if (this.source[at] === '{') at = this.code(at + 1, true) + 1;
      else {
        const text = matchAt(new RegExp(`[^{${quote}]+`), this.source, at);
        if (!isClass && !isKey(text)) this.show(at, text.replaceAll('\n', ' '));
        at += text.length;
      }
    }
    return at + 1;
  }
}

/** The prose of a file, at the file's own length. `path` tells its language. */
export function proseOf(path, source) {
  if (/\.md$/.test(path)) return source.replace(/```[\s\S]*?```|`[^`\n]*`/g, blank).replaceAll('\n', ' ');
  if (/\.ya?ml$/.test(path)) return source.replace(/^[^#\n]*(?=#|$)/gm, blank).replace(/\n(?=#)#*/g, spaces);
  const prose = new Prose(source);
  if (/\.(svelte|html)$/.test(path)) prose.markup();
  else prose.code(0, false);
  return prose.shown.join('');
}
