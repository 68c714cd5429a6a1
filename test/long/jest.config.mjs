import base from '../../jest.config.mjs';

/** Tests that take many minutes: `npm run test:long`. */
export default { ...base, rootDir: '../..', roots: ['<rootDir>/test/long'], testMatch: ['**/*.long-spec.ts'] };
