import { describe, it } from '@jest/globals';
import { playHistories } from '#calling/call/histories.fixture.js';

describe('a call', () => {
  it('is one whatever a million random histories do, and never reopens once ended', () => playHistories(1_000_000), 1_800_000);
});
