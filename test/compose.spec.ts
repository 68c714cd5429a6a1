import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

/** Reads `docker-compose.yml` as Compose does, as far as the file needs it: there may be no Docker where the tests run. */
interface Service {
  env_file?: Array<string | { path: string; required?: boolean }>;
  environment?: Record<string, string | number | boolean | null>;
  ports?: string[];
}
type Variables = Record<string, string>;

const { services } = parse(readFileSync('docker-compose.yml', 'utf8'), { merge: true }) as { services: Record<string, Service> };
const DOCKERFILE = readFileSync('Dockerfile', 'utf8');
const NAMES = [...readFileSync('.env.example', 'utf8').matchAll(/^#?([A-Z][A-Z0-9_]*)=/gm)].map(([, name = '']) => name);

/** `${NAME}`, `${NAME-default}`, `${NAME:-default}`; a default may hold another one. */
function fill(text: string, known: Variables): string {
  const innermost = /\$\{([A-Z][A-Z0-9_]*)(?:(:?-)([^${}]*))?\}/;
  for (let found = innermost.exec(text); found; found = innermost.exec(text)) {
    const [whole, name = '', how, fallback = ''] = found;
    const value = known[name];
    const isMissing = value === undefined || (how === ':-' && value === '');
    text = text.replace(whole, () => (isMissing ? fallback : value));
  }
  return text;
}

/** What a container gets. Compose fills values from the shell and `.env`; `environment` wins over `env_file`; a null passes a variable on. */
function inContainer(service: Service, dotEnv: Variables | null, shell: Variables = {}): Variables {
  const known = { ...dotEnv, ...shell };
  const files = (service.env_file ?? []).map((file) => (typeof file === 'string' ? { path: file, required: true } : file));
  for (const { path, required } of files) {
    expect(path).toBe('.env');
    if (!dotEnv) expect(required).toBe(false);
  }
  const given: Variables = files.length > 0 ? { ...dotEnv } : {};
  for (const [name, value] of Object.entries(service.environment ?? {})) {
    const filled = value === null ? known[name] : fill(String(value), known);
    if (filled === undefined) delete given[name];
    else given[name] = filled;
  }
  return given;
}

const serviceOf = (name: string): Service => {
  const service = services[name];
  if (!service) throw new Error(`docker-compose.yml has no service ${name}`);
  return service;
};
const everything = Object.fromEntries(NAMES.map((name) => [name, `value-of-${name}`]));
/** What a container must have of its own, whatever `.env` says for a gateway outside of one. */
const OF_THE_CONTAINER: Record<string, Variables> = {
  app: { HOST: '0.0.0.0', PORT: '3000' },
  replica: {
    HOST: '0.0.0.0',
    PORT: '3000',
    DATABASE_URL: 'postgres://gateway:gateway@postgres:5432/gateway',
    SIMULATOR: 'false',
  },
};

describe.each(Object.keys(OF_THE_CONTAINER))('docker-compose.yml, the service %s', (name) => {
  const service = serviceOf(name);

  it('gets every variable of .env.example as .env has it, but for what the container has of its own', () => {
    expect(NAMES.length).toBeGreaterThan(50);
    expect(inContainer(service, everything)).toEqual({ ...everything, ...OF_THE_CONTAINER[name] });
  });

  it('gets variables of .env that .env.example does not list, such as those of OpenTelemetry', () => {
    expect(inContainer(service, { OTEL_TRACES_SAMPLER: 'always_on' })).toMatchObject({ OTEL_TRACES_SAMPLER: 'always_on' });
  });

  it('gets what the shell sets, which wins over .env', () => {
    const shell = {
      D360_API_KEY: 'key',
      D360_WEBHOOK_TOKEN: 'token',
      API_KEY: 'first',
      LOG_LEVEL: 'debug',
      PUBLIC_URL: 'https://calls.example.com',
    };
    expect(inContainer(service, null, shell)).toMatchObject(shell);
    expect(inContainer(service, everything, shell)).toMatchObject(shell);
  });

  it('names no variable by a word that Compose refuses', () => {
    expect(Object.entries(service.environment ?? {}).filter(([, value]) => typeof value === 'boolean')).toEqual([]);
  });

  it('starts without a .env, with no variable that is empty', () => {
    const given = inContainer(service, null);
    expect(given).toMatchObject(OF_THE_CONTAINER[name] ?? {});
    expect(Object.entries(given).filter(([, value]) => value === '')).toEqual([]);
  });
});

describe('docker-compose.yml', () => {
  const app = serviceOf('app');

  it('runs the simulator on the volume when nothing is set', () => {
    expect(inContainer(app, null)).toMatchObject({
      SIMULATOR: 'true',
      DATABASE_URL: 'sqlite:/data/gateway.db',
      PUBLIC_URL: 'http://127.0.0.1:3000',
    });
  });

  it('publishes the port of .env on this machine alone, and says so in links', () => {
    expect((app.ports ?? []).map((port) => fill(port, { PORT: '4000' }))).toEqual(['127.0.0.1:4000:3000']);
    expect((app.ports ?? []).map((port) => fill(port, {}))).toEqual(['127.0.0.1:3000:3000']);
    expect(inContainer(app, { PORT: '4000' })).toMatchObject({ PORT: '3000', PUBLIC_URL: 'http://127.0.0.1:4000' });
  });

  it('keeps the database on the volume also when .env has the path of .env.example', () => {
    const [, path = ''] = /^#?DATABASE_URL=sqlite:\.\/(\S+)$/m.exec(readFileSync('.env.example', 'utf8')) ?? [];
    expect(inContainer(app, { DATABASE_URL: `sqlite:./${path}` }).DATABASE_URL).toBe(`sqlite:./${path}`);
    // The folder of that path is the volume: a link in the image.
    const [folder = ''] = path.split('/');
    expect(DOCKERFILE).toMatch(new RegExp(`ln -s /data /app/${folder}\\b`));
    expect(DOCKERFILE).toContain('WORKDIR /app');
  });

  it('is read here as Compose reads it', () => {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the words of Compose
    expect(fill('${A-x} ${B:-y} ${C-z} ${D:-${A:-w}} ${E}', { A: '', B: '', C: 'c' })).toBe(' y c w ');
    // biome-ignore lint/suspicious/noTemplateCurlyInString: the words of Compose
    const service = { env_file: [{ path: '.env', required: false }], environment: { A: null, B: 'b', C: '${C:-c}' } };
    expect(inContainer(service, { A: '1', B: '2', D: '4' }, { A: '9' })).toEqual({ A: '9', B: 'b', C: 'c', D: '4' });
    expect(parseEnv("A='a$b'").A).toBe('a$b');
  });
});
