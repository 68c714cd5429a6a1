import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const source = resolve(import.meta.dirname, '../src');
const files = readdirSync(source, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
/** The type names the class that the decorator names, too. */
const REDUNDANT = /@Inject\((\w+)\)\s+(?:(?:private|protected|public|readonly)\s+)*(?:\w+|\{[^}]*\}): \1(?![\w<[.])/g;
const redundant = (text: string): string[] => [...text.matchAll(REDUNDANT)].map(([found]) => found);

describe('a constructor', () => {
  it('names what it injects once: by its type, and by @Inject only where the type is no class', () => {
    const found = files.flatMap((file) => redundant(readFileSync(join(source, file), 'utf8')).map((one) => `${file}: ${one}`));
    expect(found).toEqual([]);
  });

  it.each([
    ['@Inject(Clock) private readonly clock: Clock,', 1],
    ["@Inject(Settings) private readonly settings: Pick<Settings, 'mode'>,", 0],
    ['private readonly clock: Clock,', 0],
  ])('is judged by its parameter %s', (parameter, count) => expect(redundant(parameter)).toHaveLength(count));
});
