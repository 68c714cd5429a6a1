import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { extname, join, posix, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder `docs` of the repository; beside `dist` in the image. */
const DOCS = fileURLToPath(new URL('../../../docs/', import.meta.url));

/** What is served, and as what; programs and pages of recipes are for reading, never run by a browser. */
const TYPES: Readonly<Record<string, string>> = {
  '.md': 'text/markdown; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.mjs': 'text/plain; charset=utf-8',
  '.js': 'text/plain; charset=utf-8',
  '.html': 'text/plain; charset=utf-8',
  '.yml': 'text/plain; charset=utf-8',
};

/** A relative link of Markdown, that of an image too, with its anchor. */
const LINK = /!?\[([^\]]*)\]\((?!\w+:|[/#])([^)\s#]*)(#[^)\s]*)?\)/g;

export interface DocsFile {
  /** A media type with its charset. */
  type: string;
  text: string;
}

/** The pages of the repository's folder `docs`. What is not in the list made at the start is not served, so no path leads out of it. */
export class DocsFolder {
  readonly #files: ReadonlySet<string>;

  /** Lists the files below a folder; none when the folder is not there. */
  constructor(private readonly folder: string = DOCS) {
    this.#files = new Set(filesBelow(folder));
  }

  /** The paths of all pages of Markdown, relative to the folder, sorted. */
  get pages(): string[] {
    return [...this.#files].filter((path) => path.endsWith('.md')).sort();
  }

  /** A file by its path relative to the folder; null when there is none. A link to what is not served becomes the name of a file of the repository. */
  async read(path: string): Promise<DocsFile | null> {
    if (!this.#files.has(path)) return null;
    const text = await readFile(join(this.folder, path), 'utf8');
    const type = TYPES[extname(path)] ?? 'text/plain; charset=utf-8';
    return { type, text: path.endsWith('.md') ? this.#withServedLinks(path, text) : text };
  }

  #withServedLinks(page: string, markdown: string): string {
    return markdown.replace(LINK, (link: string, text: string, target: string) => {
      const path = posix.join(posix.dirname(page), target);
      return this.#files.has(path) ? link : `${text} (\`${posix.join('docs', path)}\` of the repository)`;
    });
  }
}

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && Object.hasOwn(TYPES, extname(entry.name)))
      .map((entry) => join(entry.parentPath, entry.name).slice(join(folder, sep).length).split(sep).join('/'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
