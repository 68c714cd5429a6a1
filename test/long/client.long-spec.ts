import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, jest } from '@jest/globals';
import { CLIENT, example, keyOf, ROOT, readJson, run } from '../client/example.js';
import { Stage } from '../recipes/stage.js';

jest.setTimeout(600_000);

it('the client works as the package that npm installs, with nothing but what it names', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'client-'));
  const stage = await Stage.open({});
  try {
    await run(process.execPath, ['scripts/client/main.mjs', '--pack', folder], { cwd: ROOT });
    const [archive = ''] = (await readdir(folder)).filter((file) => file.endsWith('.tgz'));
    const installed = join(folder, 'node_modules/whatsapp-calling-gateway-client');
    await mkdir(installed, { recursive: true });
    await run('tar', ['-xzf', archive, '-C', installed, '--strip-components=1'], { cwd: folder });
    const { dependencies } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8'));
    for (const name of [...Object.keys(dependencies), 'openapi-typescript-helpers'])
      await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
    const names = await readdir(installed);
    expect(names.sort()).toEqual(['README.es.md', 'README.md', 'dist', 'package.json']);

    await mkdir(join(folder, 'examples'));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    await writeFile(join(folder, 'examples/call.ts'), await readFile(join(CLIENT, 'examples/call.ts')));
    const { compilerOptions } = await readJson('clients/typescript/tsconfig.json');
    const { rewriteRelativeImportExtensions: _, customConditions: __, ...strict } = compilerOptions;
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: strict, include: ['examples'] }));
    const compiler = run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc')], { cwd: folder });
    expect(await compiler.catch(({ stdout }) => ({ stdout }))).toMatchObject({ stdout: '' });
    const to = await stage.person('5215512346001');
    expect(await example(stage, await keyOf(stage), to, folder)).toMatch(/outcome answered\n$/);
  } finally {
    await stage.close();
    await rm(folder, { recursive: true });
  }
});
