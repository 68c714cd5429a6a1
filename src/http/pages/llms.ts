import { PRODUCT } from '#config/product.js';
import type { DocsFolder } from './docs-folder.js';

const INTRODUCTION = `The API is REST with JSON in snake_case, under \`/api\`, with \`Authorization: Bearer <API key>\`. A refusal is a problem document with \`code\`, \`remedy\`
and \`retry_at\`: do what \`remedy\` says, and never repeat a dial whose outcome is unknown (\`outcome_known: false\`). Begin with the first
page below; without a key of 360dialog a built-in simulator stands in, so that every step can be tried.`;

/** Which pages stand under which heading, by their paths; a page stands under the first that fits. */
const SECTIONS: readonly (readonly [string, RegExp])[] = [
  ['Start', /^start\.md$/],
  ['Optional', /\.es\.md$|^adr\//],
  ['Recipes', /^recipes\//],
  ['Operations', /^operations\//],
  ['Reference', /./],
];

/** The order of the headings in the file. */
const ORDER = ['Start', 'Recipes', 'Reference', 'Operations', 'Optional'];

/**
 * The pages of the gateway for language models, after https://llmstxt.org: a title, a summary, and lists of links. `base` is put before each path.
 */
export async function llmsText(docs: DocsFolder, base: string): Promise<string> {
  const lines = new Map<string, string[]>(ORDER.map((heading) => [heading, []]));
  for (const path of docs.pages) {
    const [heading = ''] = SECTIONS.find(([, paths]) => paths.test(path)) ?? [];
    const { title, summary } = outlineOf((await docs.read(path))?.text ?? '');
    lines.get(heading)?.push(`- [${title || path}](${base}/docs/${path})${summary ? `: ${summary}` : ''}`);
  }
  lines
    .get('Start')
    ?.push(
      `- [OpenAPI document](${base}/openapi.json): every operation, field, event and refusal, as OpenAPI 3.1`,
      `- [API reference](${base}/docs): the same as a page to try requests on`,
    );
  const sections = ORDER.flatMap((heading) => {
    const entries = lines.get(heading) ?? [];
    return entries.length ? [`## ${heading}\n\n${entries.join('\n')}`] : [];
  });
  return `${[`# ${PRODUCT.name}`, `> ${PRODUCT.description}`, INTRODUCTION, ...sections].join('\n\n')}\n`;
}

/** A shorter sentence, such as the status of a decision, says nothing of a page. */
const MIN_SUMMARY = 24;

/** The first heading of a page, and the first sentence of its text that says something, as plain text. */
function outlineOf(markdown: string): { title: string; summary: string } {
  const title = /^# (.*)$/m.exec(markdown)?.[1] ?? '';
  const paragraphs = markdown.split(/\n{2,}/).filter((block) => /^[\p{L}`"“¿¡*_[]/u.test(block));
  const summary = paragraphs.map(firstSentence).find((sentence) => sentence.length >= MIN_SUMMARY) ?? '';
  return { title: title.replaceAll(/[[\]]/g, ''), summary: summary.slice(0, 300) };
}

function firstSentence(paragraph: string): string {
  const text = paragraph
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[*_]{1,2}(?=\S)|(?<=\S)\*{1,2}/g, '')
    .replace(/\s+/g, ' ');
  const [sentence = text] = /^.*?[.!?:](?=\s|$)/.exec(text) ?? [];
  return sentence.replace(/[.:]$/, '');
}
