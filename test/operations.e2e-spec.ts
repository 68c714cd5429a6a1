import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';
import { offer } from './sdp.js';
import { World } from './world.js';

const root = resolve(import.meta.dirname, '..');
const read = (file: string): string => readFileSync(join(root, 'docs/operations', file), 'utf8');

interface Rule {
  alert: string;
  expr: string;
  for: string;
  labels: { severity: string };
  annotations: { summary: string; runbook_url: string };
}
const { groups } = parse(read('alerts.yml')) as { groups: Array<{ rules: Rule[] }> };
const rules = groups.flatMap((group) => group.rules);
const dashboard = JSON.parse(read('grafana-dashboard.json')) as {
  panels: Array<{ title: string; gridPos: { x: number; y: number }; targets: Array<{ expr: string }> }>;
};
const expressions = [...rules.map(({ expr }) => expr), ...dashboard.panels.flatMap(({ targets }) => targets.map(({ expr }) => expr))];

/** The series that an expression names: metric, and the values that it asks of labels. `by` and matchers name labels, too. */
const seriesOf = (expr: string) =>
  [...expr.matchAll(/\b(up|wac_\w+)\b(?:\{([^}]*)\})?/g)].map(([, metric = '', matchers = '']) => ({
    metric,
    labels: [...matchers.matchAll(/(\w+)\s*(=~|!=|=)\s*"([^"]*)"/g)].map(([, label = '', how = '', value = '']) => ({ label, how, value })),
  }));
const groupedBy = (expr: string): string[] =>
  [...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(',').map((name) => name.trim()));

describe('alerts and dashboard', () => {
  let world: World;
  /** What /metrics shows after a day in the life: its metrics, and the labels and values of each. */
  const shown = new Map<string, Map<string, Set<string>>>();
  let page = '';

  beforeAll(async () => {
    world = await World.open();
    await world.greet();
    world.allow('ana');
    await world.do('make-call', { to: '5215512340001', session: offer() });
    await world.pass(40);
    world.fault('connect', { instead: 'drop' });
    world.allow('hugo');
    await world.do('make-call', { to: '5215512340008', session: offer() });
    await world.deliver({}, 'a-wrong-token');
    page = (await world.get('/metrics')).body;
    for (const [, metric = '', labels = ''] of page.matchAll(/^(\w+)(?:\{(.*)\})? \S+$/gm)) {
      const known = shown.get(metric) ?? new Map<string, Set<string>>();
      shown.set(metric, known);
      for (const [, label = '', value = ''] of labels.matchAll(/(\w+)="([^"]*)"/g))
        known.set(label, (known.get(label) ?? new Set()).add(value));
    }
  });
  afterAll(() => world.close());

  /** Metrics whose series appear only with their first event are declared all the same. */
  const declared = (metric: string): boolean =>
    new RegExp(`^# TYPE ${metric.replace(/_(bucket|sum|count)$/, '(_(bucket|sum|count))?')} `, 'm').test(page);

  it('name only metrics that the gateway exposes', () => {
    const named = new Set(expressions.flatMap((expr) => seriesOf(expr).map(({ metric }) => metric)));
    expect(named.size).toBeGreaterThan(12);
    // `up` is what Prometheus itself says of a scrape.
    expect([...named].filter((metric) => metric !== 'up' && !shown.has(metric) && !declared(metric))).toEqual([]);
  });

  it('name only labels that those metrics have, and values that the code can give them', () => {
    const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => /^(?!metadata|simulator|console).*\.ts$/.test(file) && !file.endsWith('.spec.ts'))
      .map((file) => readFileSync(join(root, 'src', file), 'utf8'))
      .join('\n');
    const declaration = readFileSync(join(root, 'src/telemetry/metrics.ts'), 'utf8').replaceAll(/\s+/g, ' ');
    const labelsOf = (metric: string) => {
      const name = metric.replace(/_(bucket|sum|count)$/, '');
      const [, names = ''] = new RegExp(`'${name}', '[^']*', \\[([^\\]]*)\\]`).exec(declaration) ?? [];
      return new Set(['le', ...[...names.matchAll(/'(\w+)'/g)].map(([, label]) => label)]);
    };
    const wrong = expressions.flatMap((expr) =>
      seriesOf(expr)
        .filter(({ metric }) => metric !== 'up')
        .flatMap(({ metric, labels }) => [
          ...[...labels.map(({ label }) => label), ...groupedBy(expr)]
            .filter((label) => !labelsOf(metric).has(label))
            .map((label) => `${metric}{${label}}`),
          ...labels.filter(({ how, value }) => how !== '=~' && !sources.includes(`'${value}'`)).map(({ value }) => `${metric}: ${value}`),
        ]),
    );
    expect(wrong).toEqual([]);
  });

  it('have something to look at: calls, requests to 360dialog and webhooks are counted', () => {
    const values = (metric: string, label: string) => [...(shown.get(metric)?.get(label) ?? [])];
    expect(values('wac_calls_ended_total', 'outcome')).toContain('answered');
    expect(values('wac_command_total', 'operation')).toEqual(expect.arrayContaining(['connect', 'read_permission']));
    expect(values('wac_upstream_request_duration_seconds_count', 'operation')).toContain('connect');
    expect(values('wac_webhook_received_total', 'result')).toEqual(expect.arrayContaining(['stored', 'unauthorized']));
    expect(page).toMatch(/^wac_calls_ended_total\{direction="outbound",outcome="answered"\} 1$/m);
    expect(page).toMatch(/^wac_command_total\{operation="connect",outcome="accepted"\} 1$/m);
    expect(page).toMatch(/^wac_command_total\{operation="connect",outcome="(refused|unknown)"\} 1$/m);
  });

  it('are complete: each rule with its severity, a summary and its own entry in the runbook', () => {
    const entries = [...read('runbook.md').matchAll(/^### (\w+)$/gm)].map(([, title = '']) => title);
    expect(rules.length).toBeGreaterThan(12);
    for (const { alert, for: how, labels, annotations } of rules) {
      expect([alert, how, labels.severity]).toEqual([
        alert,
        expect.stringMatching(/^\d+m$/),
        expect.stringMatching(/^(critical|warning)$/),
      ]);
      expect(annotations).toEqual({ summary: expect.any(String), runbook_url: `docs/operations/runbook.md#${alert.toLowerCase()}` });
      expect(entries).toContain(alert);
    }
    expect(entries.filter((entry) => !rules.some(({ alert }) => alert === entry) && !['Restore'].includes(entry))).toEqual([]);
    expect(new Set(dashboard.panels.map(({ gridPos: { x, y } }) => `${x} ${y}`)).size).toBe(dashboard.panels.length);
  });

  it('balance their brackets and quotes', () => {
    for (const expr of expressions) {
      const bare = expr.replace(/"[^"]*"/g, '');
      for (const [open, close] of ['()', '{}', '[]'].map((pair) => [...pair] as [string, string])) {
        expect([expr, bare.split(open).length]).toEqual([expr, bare.split(close).length]);
      }
      expect([expr, bare.includes('"')]).toEqual([expr, false]);
    }
  });
});

const anchorsOf = (page: string) =>
  new Set(
    [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = '']) =>
      title
        .toLowerCase()
        .replace(/[^\p{L}\p{N} _-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  );

describe('the runbook', () => {
  it('names only pages, anchors and commands that there are', () => {
    const text = read('runbook.md');
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    for (const [, script = ''] of text.matchAll(/npm run ([a-z:-]+)/g)) expect(scripts).toHaveProperty(script);
    for (const [, target = ''] of text.matchAll(/\]\(([^)]+)\)/g)) {
      const [page = '', anchor] = target.split('#');
      const there = page ? read(page) : text;
      expect(there).not.toBe('');
      if (anchor !== undefined) expect(anchorsOf(there)).toContain(anchor);
    }
  });
});
