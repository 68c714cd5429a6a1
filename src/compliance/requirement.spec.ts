import type { Reading } from './reading.js';
import { type ConversationCount, concludeProgress } from './requirement.js';

const goal = { conversations: 1_000, windowDays: 30 };
const count = (businessInitiated: number, complete: boolean, observedAt = 1): Reading<ConversationCount> => ({
  name: 'conversations',
  source: complete ? 'partner_api' : 'webhooks',
  scope: 'client',
  observedAt,
  value: { businessInitiated, total: businessInitiated + 200, from: '2026-10-23', to: '2026-11-22', complete },
});

describe('the progress towards the requirement', () => {
  it('is unknown without a source, never zero and never false', () => {
    expect(concludeProgress([], goal)).toMatchObject({
      businessInitiated: null,
      total: null,
      remaining: null,
      progress: null,
      meets: null,
      coverage: { from: null, to: null, complete: false },
      reason: 'no_source',
    });
  });

  it('is no when the whole window is known and falls short', () => {
    expect(concludeProgress([count(412, true)], goal)).toMatchObject({ progress: 0.412, remaining: 588, meets: false, reason: null });
  });

  it('is yes when a part of the window suffices already', () => {
    expect(concludeProgress([count(1_200, false)], goal)).toMatchObject({ progress: 1, remaining: 0, meets: true });
  });

  it('is undecided when a part of the window falls short', () => {
    expect(concludeProgress([count(999, false)], goal)).toMatchObject({ businessInitiated: 999, meets: null, reason: 'window_incomplete' });
  });

  it('is told by the source that covers the whole window, even if another is newer', () => {
    expect(concludeProgress([count(5, false, 9), count(700, true, 1)], goal)).toMatchObject({
      businessInitiated: 700,
      source: 'partner_api',
    });
  });
});
