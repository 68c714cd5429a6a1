import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { undocumented } from './docstrings.js';

/** A production file of `src`. */
export interface Source {
  path: string;
  text: string;
  lines: number;
  /** The files of ours that it imports at run time. */
  imports: string[];
}

export interface Package {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  optionalDependencies: Record<string, string>;
}

/** What is measured: the files of the codebase and its package. */
export interface Codebase {
  sources: Source[];
  package: Package;
}

/** Each package that the gateway loads at run time, and what it is needed for. */
export const RUN_TIME_PACKAGES: Record<string, string> = {
  '@fastify/rate-limit': 'counts requests per key and per address',
  '@nestjs/axios': 'gives the HTTP clients their axios instance',
  '@nestjs/common': 'the framework',
  '@nestjs/config': 'holds the checked settings for injection',
  '@nestjs/core': 'the framework',
  '@nestjs/platform-fastify': 'runs the framework on Fastify',
  '@nestjs/schedule': 'runs polls, reports and other jobs',
  '@nestjs/swagger': 'derives the OpenAPI document',
  '@opentelemetry/api': 'traces, when the owner names a collector',
  '@opentelemetry/exporter-trace-otlp-http': 'traces, when the owner names a collector',
  '@opentelemetry/resources': 'traces, when the owner names a collector',
  '@opentelemetry/sdk-trace-node': 'traces, when the owner names a collector',
  axios: 'the HTTP client towards 360dialog and Meta',
  'better-sqlite3': 'the embedded database',
  'class-transformer': 'turns JSON bodies into DTOs',
  'class-validator': 'checks DTOs',
  cockatiel: 'the circuit breaker towards 360dialog',
  cron: 'checks cron expressions of the settings',
  dataloader: 'one statement for the sessions of a page of events',
  fastify: 'the HTTP server',
  helmet: 'security headers of pages',
  nodemailer: 'mails of reports: MIME, its encodings and SMTP with TLS are too much to write anew',
  kysely: 'the query builder over both databases',
  pg: 'the client of Postgres',
  pino: 'logs as JSON lines',
  'prom-client': 'metrics for Prometheus',
  'reflect-metadata': 'needed by the framework for injection',
  rxjs: 'needed by the framework',
  ulid: 'ids that sort by time',
};

/** Which files a budget speaks of; each must match one at least. */
export const PATTERNS = {
  domainModel: /^src\/(calling\/(call|lifecycle|preflight|permissions)|compliance\/eligibility|identity)\/[a-z-]+\.ts$/,
  documented:
    /\.(service|controller|dto|view)\.ts$|^src\/(calling\/(call|lifecycle|preflight|permissions)|compliance\/eligibility|identity)\/[a-z-]+\.ts$/,
  catalogue: /^src\/error-catalogue\//,
};

export const sourceOf = (path: string, text: string): Source => {
  // What is imported for its type alone is gone at run time.
  const code = text.replace(/^import type [^;]*;$/gm, '');
  const imports = [...code.matchAll(/(?:from|import)\s*\(?\s*'((?:#|\.\/|\.\.\/)[^']+)\.js'/g)].map(([, target = '']) =>
    target.startsWith('#') ? `src/${target.slice(1)}.ts` : `${join(dirname(path), target)}.ts`,
  );
  return { path, text, lines: text.split('\n').length - 1, imports };
};

export function readCodebase(root: string): Codebase {
  const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !/\.(spec|fixture)\.ts$|^metadata\.ts$/.test(file))
    .map((file) => sourceOf(`src/${file}`, readFileSync(join(root, 'src', file), 'utf8')));
  return { sources, package: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) };
}

/** A budget: what exceeds it, each with a word on how. Nothing when it is kept. */
type Budget = (codebase: Codebase) => string[];

const named = (sources: readonly Source[]): string[] => sources.map(({ path, lines }) => `${path}: ${lines}`);

const linesOf = (sources: readonly Source[]): number[] => sources.map(({ lines }) => lines).sort((a, b) => a - b);

/** The number of files in the longest chain of imports that begins with a file. */
function chains({ sources }: Codebase): Map<string, number> {
  const graph = new Map(sources.map((source) => [source.path, source]));
  const lengths = new Map<string, number>();
  const length = (path: string): number => {
    const known = lengths.get(path);
    if (known !== undefined) return known;
    lengths.set(path, 0);
    const next = (graph.get(path)?.imports ?? []).filter((to) => graph.has(to));
    const longest = 1 + Math.max(0, ...next.map(length));
    lengths.set(path, longest);
    return longest;
  };
  for (const { path } of sources) length(path);
  return lengths;
}

/** The files that one needs at run time, directly or not. */
function reach(path: string, graph: ReadonlyMap<string, Source>, found = new Set<string>()): Set<string> {
  for (const to of graph.get(path)?.imports ?? [])
    if (graph.has(to) && !found.has(to) && !PATTERNS.catalogue.test(to)) reach(to, graph, found.add(to));
  return found;
}

export const BUDGETS: Record<string, Budget> = {
  'no file is longer than 300 lines': ({ sources }) => named(sources.filter(({ lines }) => lines > 300)),

  'the median file has at most 65 lines': ({ sources }) => {
    const lines = linesOf(sources);
    const median = lines[Math.floor(lines.length / 2)] ?? 0;
    return median > 65 ? [`median: ${median}`] : [];
  },

  'nine files in ten have at most 160 lines': ({ sources }) => {
    const lines = linesOf(sources);
    const tenth = lines[Math.floor(lines.length * 0.9)] ?? 0;
    return tenth > 160 ? [`nine in ten: ${tenth}`] : [];
  },

  'no folder holds more than 14 files': ({ sources }) =>
    [...Map.groupBy(sources, ({ path }) => dirname(path))]
      .filter(([, files]) => files.length > 14)
      .map(([folder, files]) => `${folder}: ${files.length}`),

  'no constructor takes more than 7': ({ sources }) =>
    sources.flatMap(({ path, text }) =>
      [...text.matchAll(/constructor\(([^)]*(?:\([^)]*\)[^)]*)*)\)\s*\{/g)]
        .map(([, parameters = '']) => parameters.split(/,\s*\n/).filter((one) => one.trim() !== '').length)
        .filter((count) => count > 7)
        .map((count) => `${path}: ${count}`),
    ),

  'no file says any, or silences a check without a reason': ({ sources }) =>
    sources
      .filter(({ text }) =>
        /:\s*any\b|\bas any\b|@ts-(ignore|expect-error)|biome-ignore [^:]*$/m.test(text.replace(/\/\*\*[\s\S]*?\*\//g, '')),
      )
      .map(({ path }) => path),

  'no name is exported by two files': ({ sources }) => {
    const files = new Map<string, string[]>();
    for (const { path, text } of sources)
      for (const [, name = ''] of text.matchAll(/^export (?:abstract |async )*(?:class|interface|type|function|const|enum) (\w+)/gm))
        files.set(name, [...(files.get(name) ?? []), path]);
    return [...files].filter(([, paths]) => new Set(paths).size > 1).map(([name, paths]) => `${name}: ${paths.join(', ')}`);
  },

  'the longest chain of imports has at most 16 files': (codebase) =>
    [...chains(codebase)].filter(([, length]) => length > 16).map(([path, length]) => `${path}: ${length}`),

  'a domain model needs at most 6 files, the error catalogue left out': ({ sources }) => {
    const graph = new Map(sources.map((source) => [source.path, source]));
    return sources
      .filter(({ path }) => PATTERNS.domainModel.test(path))
      .map(({ path }) => [path, reach(path, graph).size] as const)
      .filter(([, size]) => size > 6)
      .map(([path, size]) => `${path}: ${size}`);
  },

  'at most 29 packages are loaded at run time, each for a reason': ({ package: { dependencies } }) => {
    const names = Object.keys(dependencies);
    return [
      ...names.filter((name) => !(name in RUN_TIME_PACKAGES)).map((name) => `${name}: no reason`),
      ...Object.keys(RUN_TIME_PACKAGES)
        .filter((name) => !(name in dependencies))
        .map((name) => `${name}: not loaded`),
      ...(names.length > 29 ? [`packages: ${names.length}`] : []),
    ];
  },

  'each package has an exact version': ({ package: { dependencies, devDependencies, optionalDependencies } }) =>
    Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies })
      .filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))
      .map(([name, version]) => `${name}: ${version}`),

  'services, controllers, domain models and DTO fields have docstrings; stores, observers, jobs, modules and private names are left out': ({
    sources,
  }) => sources.flatMap(({ path, text }) => (PATTERNS.documented.test(path) ? undocumented(path, text) : [])),
};
