import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = resolve(import.meta.dirname, '..');

interface Section {
  heading: string;
  level: number;
  /** Each code block as its language and what is the same in both languages. */
  blocks: [language: string, code: string][];
  rows: number;
  /** Code within the text, each once. */
  code: string[];
  links: string[];
}

const english = sectionsOf('README.md');
const spanish = sectionsOf('README.es.md');

describe('README.md and README.es.md', () => {
  it('have the same levels of headings in the same order', () => {
    expect(english.length).toBeGreaterThan(10);
    expect(spanish.map(({ level }) => level)).toEqual(english.map(({ level }) => level));
  });

  it('have the same code blocks in each section', () => {
    expect(english.flatMap(({ blocks }) => blocks).length).toBeGreaterThan(20);
    expect(only(spanish, 'blocks')).toEqual(only(english, 'blocks'));
  });

  it('have as many table rows in each section', () => {
    expect(english.reduce((sum, { rows }) => sum + rows, 0)).toBeGreaterThan(20);
    expect(only(spanish, 'rows')).toEqual(only(english, 'rows'));
  });

  it('name the same commands, paths, variables and values in each section', () => {
    expect(only(spanish, 'code')).toEqual(only(english, 'code'));
  });

  it('link to the same places in each section', () => {
    expect(only(spanish, 'links')).toEqual(only(english, 'links'));
  });

  it.each([
    ['README.md', english],
    ['README.es.md', spanish],
  ] as const)('link to files and headings that exist: %s', (file, sections) => {
    const anchors = sections.map(({ heading }) => anchorOf(heading));
    const gone = targetsIn(readFileSync(join(root, file), 'utf8')).filter((target) =>
      target.startsWith('#') ? !anchors.includes(target) : !/^https?:/.test(target) && !existsSync(join(root, target)),
    );
    expect(gone).toEqual([]);
  });
});

/** One member of each section, with its number: a difference then shows where it is. */
function only<K extends 'blocks' | 'rows' | 'code' | 'links'>(sections: readonly Section[], member: K): [number, Section[K]][] {
  return sections.map((section, index) => [index, section[member]]);
}

function sectionsOf(file: string): Section[] {
  const blocks: Section['blocks'] = [];
  const text = readFileSync(join(root, file), 'utf8').replace(
    /^( *)```(\w*)\n([\s\S]*?)^\1```$/gm,
    (_, _indent, language: string, code: string) => {
      blocks.push([language, sharedOf(language, code)]);
      return '```';
    },
  );
  return text.split(/^(?=#+ )/m).map((part) => {
    const [, marks = '', heading = ''] = /^(#+) (.*)$/m.exec(part) ?? [];
    const own = blocks.splice(0, part.split('```').length - 1);
    const rows = part.match(/^\|.*\|$/gm)?.length ?? 0;
    const code = Array.from(part.replaceAll('```', '').matchAll(/`([^`]+)`/g), ([, span = '']) => withoutLanguage(span));
    const links = targetsIn(part).map((target) => (target.startsWith('#') ? '#' : target.replace('.es.md', '.md')));
    return { heading, level: marks.length, blocks: own, rows, code: distinct(code), links: distinct(links) };
  });
}

/** What a code block must share with its twin: everything in code; in diagrams the arrows, in printed texts marks, codes and paths. */
function sharedOf(language: string, code: string): string {
  const lines = code.split('\n').map((line) => withoutLanguage(line).trimEnd());
  if (language === 'mermaid') return lines.map((line) => line.replaceAll('You', 'Usted').replace(/: .*$/, '')).join('\n');
  if (language === 'text') {
    return lines.map((line) => (line.match(/^[✓✗!▶…]|\b[A-Z]{3,}\b|\b[a-z]+_[a-z_]+\b|\/api\/[\w/-]+/g) ?? []).join(' ')).join('\n');
  }
  if (language === 'bash') return lines.map((line) => line.replace(/(^|\s+)# .*$/, '')).join('\n');
  return language === 'js' ? lines.map((line) => line.replace(/\s+\/\/ .*$/, '')).join('\n') : lines.join('\n');
}

/** Without what asks for Spanish, and with the English names of what the reader fills in. */
function withoutLanguage(line: string): string {
  return line
    .replace(/( --)? --lang es\b/, '')
    .replace(" -H 'Accept-Language: es'", '')
    .replace('<este repositorio>', '<this repository>')
    .replace('NÚMERO', 'NUMBER')
    .replace('CÓDIGO', 'CODE')
    .replace('ARCHIVO', 'FILE');
}

function targetsIn(markdown: string): string[] {
  return Array.from(markdown.matchAll(/\]\(([^)\s]+)\)/g), ([, target = '']) => target);
}

/** As GitHub makes it. */
function anchorOf(heading: string): string {
  const words = heading.toLowerCase().replace(/[^\p{L}\p{N} _-]/gu, '');
  return `#${words.replaceAll(' ', '-')}`;
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)].sort();
}
