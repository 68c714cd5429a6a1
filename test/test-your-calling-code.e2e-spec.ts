import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type GraphTarget, simulatorTarget } from './graph-clients/target.js';

const ROOT = resolve(import.meta.dirname, '..');
const run = promisify(execFile);

const pageOf = (file: string) => readFile(join(ROOT, 'docs', file), 'utf8');
const blocksOf = (page: string, language: string): string[] =>
  Array.from(page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, 'g')), ([, code = '']) => code);

describe('docs/test-your-calling-code.md', () => {
  let target: GraphTarget;
  let page: string;
  beforeAll(async () => {
    target = await simulatorTarget();
    page = await pageOf('test-your-calling-code.md');
  });
  afterAll(() => target.close());

  const origin = () => target.baseUrl.replace(/\/graph$/, '');
  /** The code of the page with the address and the secrets of the target. */
  const here = (code: string): string =>
    code
      .replaceAll('http://127.0.0.1:3360/simulator', origin())
      .replaceAll('token-of-the-tests', target.token)
      .replaceAll('secret-of-the-tests', target.appSecret);

  it('has the same code in Spanish, and as many rows of tables', async () => {
    const spanish = await pageOf('test-your-calling-code.es.md');
    for (const language of ['yaml', 'bash', 'ts']) expect(blocksOf(spanish, language)).toEqual(blocksOf(page, language));
    const rows = (text: string) => text.match(/^\|/gm)?.length;
    expect(rows(spanish)).toBe(rows(page));
  });

  it('places a call by its commands, as they stand', async () => {
    const [commands = ''] = blocksOf(page, 'bash');
    const { stdout } = await run('bash', ['-euc', here(commands)]);
    const answers = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(answers[1].error.code).toBe(138006);
    expect(answers[4].permission.status).toBe('temporary');
    expect(answers.at(-1).calls).toMatchObject([{ user: 'ana', state: 'in_progress' }]);
  });

  it('has tests that pass, as they stand', async () => {
    const [code = ''] = blocksOf(page, 'ts');
    const folder = await mkdtemp(join(tmpdir(), 'calling-code-'));
    try {
      await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
      await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
      await writeFile(join(folder, 'calls.test.ts'), here(code));
      const env = { PATH: process.env.PATH, SIMULATOR_URL: origin() };
      const { stdout } = await run(process.execPath, ['--test', '--test-reporter=tap', 'calls.test.ts'], { cwd: folder, env });
      expect(stdout).toMatch(/^# pass 3$/m);
    } finally {
      await rm(folder, { recursive: true });
    }
  });
});
