import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { extname, join, relative, sep } from 'node:path';

/** A file as the gateway serves it. */
export interface PageFile {
  type: string;
  body: Buffer;
  /** Of the content, in quotes. */
  etag: string;
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml; charset=utf-8',
};

/**
 * Every file below a folder that a browser may have, by its path with `/`. Held in memory, so that no path of a request
 * ever reaches the disk.
 */
export function readPageFiles(folder: string): ReadonlyMap<string, PageFile> {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.flatMap((entry) => {
      const file = join(entry.parentPath, entry.name);
      const type = TYPES[extname(entry.name)];
      if (type === undefined) return [];
      return [[relative(folder, file).split(sep).join('/'), pageFile(type, readFileSync(file))] as const];
    }),
  );
}

/** A script that the gateway makes itself. */
export const madeScript = (text: string): PageFile => pageFile('text/javascript; charset=utf-8', Buffer.from(text));

const pageFile = (type: string, body: Buffer): PageFile => ({
  type,
  body,
  etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`,
});
