import base from '../../jest.config.mjs';

/** Tests with real sound and Chromium: `npm run test:browser`. Where it is not at /usr/bin/chromium, CHROMIUM says where. */
export default {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/browser'],
  testMatch: ['**/*.browser-spec.ts', '**/*.media-spec.ts'],
  testTimeout: 60_000,
};
