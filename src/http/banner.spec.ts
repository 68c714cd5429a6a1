import { describe, expect, it } from '@jest/globals';
import { banner } from './banner.js';

const HERE = 'http://127.0.0.1:3000';

describe('the banner', () => {
  it('says unmistakably that the simulator makes no real call', () => {
    const text = banner({ mode: 'simulator', publicUrl: HERE, simulatorHistory: 'growing' }, HERE, null);
    expect(text).toMatch(/^\*{3} SIMULATOR \*{3} .*No real call/m);
    expect(text).toContain(`${HERE}/simulator`);
    expect(text).toMatch(/^Past .*growing: invented/m);
    expect(text).not.toContain('API key');
    expect(banner({ mode: 'simulator', publicUrl: HERE, simulatorHistory: 'none' }, HERE, null)).not.toMatch(/^Past/m);
  });

  it('says that calls are real, and where it listens when others reach it elsewhere', () => {
    const text = banner({ mode: 'live', publicUrl: 'https://calls.example', simulatorHistory: 'growing' }, HERE, null);
    expect(text).toContain('Calls are real');
    expect(text).not.toMatch(/simulator/i);
    expect(text).toContain(`Listening  ${HERE}`);
  });

  it('shows a key that was made just now', () => {
    expect(banner({ mode: 'live', publicUrl: HERE, simulatorHistory: 'growing' }, HERE, 'wac_1')).toContain('API key    wac_1');
  });
});
