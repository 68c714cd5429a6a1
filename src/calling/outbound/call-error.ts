import type { CallError } from '#calling/call/call.js';
import type { Problem } from '#kernel/problem.js';

/** A problem as the call remembers it. */
export const errorOf = (problem: Problem): CallError => ({ code: problem.code, upstream: problem.upstream });
