import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, posix, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { DocsFolder } from '#http/pages/docs-folder.js';
import { llmsText } from '#http/pages/llms.js';
import { portOf, sendRaw } from './raw.js';
import { Stage } from './recipes/stage.js';
import { type Body, World } from './world.js';

const ROOT = resolve(import.meta.dirname, '..');
const DOCS = join(ROOT, 'docs');

jest.setTimeout(600_000);

/** The targets of links, without anchors and other sites. */
const targetsIn = (markdown: string): string[] =>
  Array.from(markdown.matchAll(/\]\((?!\w+:|#)([^)\s#]+)(?:#[^)]*)?\)/g), ([, target = '']) => target);

describe('the pages of a running gateway', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.open();
  });
  afterAll(() => world.close());

  const listed = async (): Promise<Map<string, string>> => {
    const { body } = await world.get('/llms.txt', { authorization: undefined });
    const links = body.matchAll(/^- \[[^\]]+\]\(http:\/\/[^/]+([^)]+)\)(.*)$/gm);
    return new Map(Array.from(links, ([, path = '', summary = '']: string[]): [string, string] => [path, summary]));
  };

  it('lists itself in the shape of llmstxt.org, with where to start first', async () => {
    const { status, headers, body } = await world.get('/llms.txt', { authorization: undefined });
    expect([status, headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    const blocks = body.trimEnd().split('\n\n');
    expect(blocks[0]).toBe('# whatsapp-calling-gateway');
    expect(blocks[1]).toMatch(/^> [^\n]+$/);
    expect(body.match(/^## .*$/gm)).toEqual(['## Start', '## Recipes', '## Reference', '## Operations', '## Optional']);
    for (const list of blocks.slice(4).filter((block: string) => !block.startsWith('## ')))
      for (const line of list.split('\n')) expect(line).toMatch(/^- \[[^\]]+\]\(https?:\/\/[^)\s]+\)(: \S.*)?$/);
    expect([...(await listed()).keys()][0]).toBe('/docs/start.md');
    expect(body.length).toBeLessThan(24_000);
  });

  it('serves every page of the folder as Markdown, each with a summary, and every file that a page links to', async () => {
    const here = (await readdir(DOCS, { recursive: true })).filter((file) => file.endsWith('.md'));
    const paths = await listed();
    expect([...paths.keys()].filter((path) => path.endsWith('.md')).sort()).toEqual(here.map((file) => `/docs/${file}`).sort());
    expect([...paths].filter(([, summary]) => !/^: .{20}/.test(summary))).toEqual([]);
    const broken: string[] = [];
    for (const file of here) {
      const { status, headers, body } = await world.get(`/docs/${file}`, { authorization: undefined });
      expect([file, status, headers.get('content-type')]).toEqual([file, 200, 'text/markdown; charset=utf-8']);
      for (const target of targetsIn(body)) {
        const path = posix.resolve('/docs', posix.dirname(file), target);
        if ((await world.get(path, { authorization: undefined })).status !== 200) broken.push(`${file}: ${target}`);
      }
    }
    expect(broken).toEqual([]);
  });

  it.each(['recipes/campaign.mjs', 'recipes/web-phone.html', 'recipes/web-phone.page.js', 'operations/alerts.yml'])(
    'serves %s for reading, never for running',
    async (file) => {
      const { headers, body } = await world.get(`/docs/${file}`);
      expect([headers.get('content-type'), headers.get('x-content-type-options')]).toEqual(['text/plain; charset=utf-8', 'nosniff']);
      expect(body).toBe(await readFile(join(DOCS, file), 'utf8'));
    },
  );

  it.each([
    '../package.json',
    '..%2fpackage.json',
    '..%2F..%2Fetc%2Fpasswd',
    'adr/..%2f..%2fREADME.md',
    '%2e%2e/README.md',
    '..%5cREADME.md',
    'start.md%00.json',
    '/etc/passwd',
    '%2fetc%2fpasswd',
    'adr',
    'adr/',
    'images/console-softphone.png',
    'START.md',
    './start.md%20',
    '__proto__',
  ])('serves nothing at /docs/%s', async (path) => {
    // As it stands on the wire: fetch would resolve the dots.
    const { status, body } = await sendRaw(portOf(world.url), `GET /docs/${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`);
    expect([400, 404]).toContain(status);
    expect(JSON.parse(body)).toMatchObject({ code: expect.stringMatching(/^(route_not_found|malformed_request|malformed_path)$/) });
  });

  it('does not follow a link out of the folder, and names a file of the repository that it does not serve', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'docs-'));
    try {
      await mkdir(join(folder, 'in'));
      await symlink('/etc/passwd', join(folder, 'passwd.md'));
      await symlink('/etc', join(folder, 'etc'));
      await writeFile(join(folder, 'in/a.md'), '# A\n\n*A* page, [b](../b.md#c), ![c](c.png) and [d](../../d.yml). More.\n');
      await writeFile(join(folder, 'b.md'), '# B\n');
      const docs = new DocsFolder(folder);
      expect(docs.pages).toEqual(['b.md', 'in/a.md']);
      expect(await docs.read('passwd.md')).toBeNull();
      expect((await docs.read('in/a.md'))?.text).toContain(
        '[b](../b.md#c), c (`docs/in/c.png` of the repository) and d (`d.yml` of the repository)',
      );
      expect(await llmsText(docs, '')).toContain('- [A](/docs/in/a.md): A page, b, c (');
      expect(new DocsFolder(join(folder, 'gone')).pages).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('begins the description with calling, and says where to start', async () => {
    const { body: document }: Body = await world.get('/openapi.json');
    expect(document.tags[0].name).toBe('calling');
    const paths = Object.keys(document.paths);
    expect(paths.slice(0, 4)).toEqual(['make-call', 'connect', 'pre-accept', 'accept'].map((verb) => `/api/calling/${verb}`));
    const groups = paths.map((path) => document.paths[path][Object.keys(document.paths[path])[0] ?? ''].tags[0]);
    const order = document.tags.map(({ name }: Body) => name);
    expect(groups.map((group) => order.indexOf(group))).toEqual(groups.map((group) => order.indexOf(group)).sort((a, b) => a - b));
    expect(document.info.description).toMatch(/^Place, take[^\n]*\n\n\*\*Start here\.\*\*[\s\S]*make-call[\s\S]*call\.ready[\s\S]*connect/);
    const targets = targetsIn(document.info.description);
    expect(targets).toEqual(expect.arrayContaining(['/docs/start.md', '/llms.txt']));
    for (const target of targets) expect([target, (await world.get(target, { authorization: undefined })).status]).toEqual([target, 200]);
  });
});

describe('docs/start.md', () => {
  it('places a call by its commands, as they stand', async () => {
    const stage = await Stage.open({});
    try {
      const page = await (await fetch(`${stage.url}/docs/start.md`)).text();
      const [, commands = ''] = /```bash\n([\s\S]*?)```/.exec(page) ?? [];
      const { key } = await stage.post('/api/keys', {
        name: 'start',
        scopes: ['calls:dial', 'calls:control', 'calls:read', 'permissions:read', 'permissions:ask'],
      });
      const script = commands.replace(/^URL=.*$/m, `URL=${stage.url}`).replace(/^KEY=.*$/m, `KEY=${key}`);
      const { stdout } = await promisify(execFile)('bash', ['-euc', script]);
      expect(
        stdout
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line).state),
      ).toEqual(['dialing', 'in_progress', 'ended']);
    } finally {
      await stage.close();
    }
  });
});
