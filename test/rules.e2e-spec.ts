import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { diagnoseCommand } from '#cli/diagnosis/diagnose.command.js';
import type { DiagnosisReport } from '#cli/diagnosis/finding.js';
import { FakeTerminal } from '#cli/terminal/terminal.fixture.js';
import { World } from './world.js';

const DAY_MS = 86_400_000;

describe('the rules of Meta and 360dialog', () => {
  let world: World;
  beforeEach(async () => {
    world = await World.open();
  });
  afterEach(() => world.close());

  const gate = async (...options: string[]) => {
    const terminal = new FakeTerminal({ GATEWAY_URL: world.url, API_KEY: World.KEY });
    terminal.clock = world.clock;
    await terminal.type(diagnoseCommand, '--json', ...options);
    return terminal.document<DiagnosisReport>().findings.find(({ name }) => name === 'rules');
  };

  it('are shown with their source, the date of its page and the day of the last check', async () => {
    const { body } = await world.get('/api/calling/conversation-requirements');
    expect(body.rules).toContainEqual({
      id: 'permission_requests_per_day',
      value: 1,
      unit: 'requests_per_24h',
      source: expect.stringMatching(/^https:.*user-call-permissions$/),
      page_date: '2026-06-26',
      checked_on: '2026-11-28',
    });
  });

  it('are a warning of diagnose once they were checked more than 60 days ago', async () => {
    expect(await gate()).toMatchObject({ verdict: 'pass' });
    world.clock.time = Date.parse('2026-11-28') + 61 * DAY_MS;
    for (const lang of ['en', 'es'])
      expect(await gate('--lang', lang)).toMatchObject({
        verdict: 'warning',
        cause: expect.stringMatching(/60/),
        remedy: expect.stringMatching(/conversation-requirements/),
      });
  });
});
