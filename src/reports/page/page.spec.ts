import { report } from '../report.fixture.js';
import { csvOf } from './csv.js';
import { pageOf } from './page.js';
import { PAGE_SECURITY, STYLE } from './style.js';

const unknown = () => {
  const { standing } = report();
  const nothing = {
    business_initiated_conversations: null,
    total_conversations: null,
    remaining: null,
    progress: null,
    meets_1k_requirement: null,
  };
  const projection = { ...standing.projection, date: null, range: null, pace_per_day: null, reason: 'no_source' };
  return report({
    standing: {
      ...standing,
      ...nothing,
      source: null,
      reason: 'no_source',
      messaging_limit: null,
      meets_messaging_limit: null,
      projection,
      gates: [],
      readings: [],
    },
    series: [],
    calls: [],
    tiers: [],
    changes: [],
  });
};

describe.each(['en', 'es'] as const)('the page in %s', (language) => {
  const page = pageOf(report(), language);

  it('needs nothing from elsewhere and runs nothing', () => {
    expect(page).not.toMatch(/<script|<link|<img|<iframe|url\(|https?:\/\/(?!www\.w3)|\son\w+=|\sstyle=/i);
    expect(page).toContain(`<style>${STYLE}</style>`);
    expect(PAGE_SECURITY).toMatch(/^default-src 'none'; style-src 'sha256-[A-Za-z0-9+/]+=*'/);
  });

  it('says its language, and describes each chart to those who do not see it', () => {
    expect(page).toContain(`<html lang="${language}">`);
    const charts = page.match(/<svg[^>]*role="img"[^>]*>/g) ?? [];
    expect(charts).toHaveLength(4);
    for (const chart of charts) {
      const [title, desc] = /aria-labelledby="(\S+) (\S+)"/.exec(chart)?.slice(1) ?? [];
      expect(page).toContain(`<title id="${title}">`);
      expect(page).toContain(`<desc id="${desc}">`);
    }
  });

  it('has no ids twice, no figure that is none, and no gap in its texts', () => {
    const ids = [...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(page).not.toMatch(/NaN|undefined|null|Infinity|\{\w+\}|\[object/);
  });

  it('escapes what others wrote', () => {
    expect(page).toContain('&#60;script&#62;alert(1)&#60;/script&#62;');
  });

  it('shows unknown figures as unknown, never as zero', () => {
    const empty = pageOf(unknown(), language);
    expect(empty).toContain(language === 'es' ? 'Desconocido' : 'Unknown');
    expect(empty).not.toMatch(/NaN|undefined|class="big ?">0</);
  });
});

describe('the page', () => {
  it('says in words what the projection promises, and that count and limit are two facts', () => {
    const page = pageOf(report(), 'en');
    expect(page).toContain('At 41 a day the goal is reached on Dec 2, 2026; with 80 % likelihood between Nov 30, 2026 and Dec 4, 2026.');
    expect(page).toContain('They are two facts.');
  });

  it('promises no date below the pace', () => {
    const { standing } = report();
    const projection = { ...standing.projection, date: null, range: null, pace_per_day: 20, reason: 'pace_below_requirement' };
    expect(pageOf(report({ standing: { ...standing, projection } }), 'en')).toContain(
      'No date is promised: the pace can never fill the window. The pace is 20 a day; 33.3 a day would fill the window.',
    );
  });
});

describe('the CSV', () => {
  it('has one figure a line, and leaves unknown ones empty', () => {
    const lines = csvOf(unknown()).split('\r\n');
    expect(lines[0]).toBe('section,date,name,value,source,time_zone');
    expect(lines).toContain('standing,2026-11-21,business_initiated_conversations,,,America/Mexico_City');
    expect(lines).toContain('period,2026-11-21,conversations.partner_api.business_initiated,40,,America/Mexico_City');
  });

  it('lets no spreadsheet run a text as a formula', () => {
    const { standing } = report();
    expect(csvOf(report({ standing: { ...standing, messaging_limit: '=1+1,"x"' } }))).toContain(`"'=1+1,""x"""`);
  });
});
