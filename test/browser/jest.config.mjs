import base from '../../jest.config.mjs';

/** Tests that need Chromium: `npm run test:browser`. Where it is not at /usr/bin/chromium, CHROMIUM says where. */
export default {
  ...base,
  rootDir: '../..',
  roots: ['<rootDir>/test/browser'],
  testMatch: ['**/*.browser-spec.ts'],
  testTimeout: 60_000,
};
