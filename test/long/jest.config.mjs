import base from '../../jest.config.mjs';

/** Tests that live through a year: `npm run test:long`. */
export default { ...base, rootDir: '../..', roots: ['<rootDir>/test/long'], testMatch: ['**/*.long-spec.ts'] };
