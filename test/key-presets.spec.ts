import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { KEY_PRESETS } from '#cli/keys/presets.js';

it('the console offers the presets of the command line', async () => {
  const page = (await import(join(import.meta.dirname, '../src/console/page/parts/key-limits.js'))) as { KEY_PRESETS: unknown };
  expect(page.KEY_PRESETS).toEqual(KEY_PRESETS);
});
