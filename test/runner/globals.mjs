/** What `@jest/globals` exports, for the file of tests that runs now. */
export const { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest, test } = globalThis;
