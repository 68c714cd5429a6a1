import type { OpenAPIObject } from '@nestjs/swagger';
import { PRODUCT } from '#config/product.js';
import { TAGS } from '../openapi/tags.js';

/** Where a reader of the document begins; Markdown, with links that a running gateway serves. */
export const INTRODUCTION = `${PRODUCT.description}

**Start here.** One call, outbound:

1. \`POST /api/calling/make-call\` \`{ "to": "+52 1 55 1234 0001" }\` asks the person for permission where it is needed.
2. The event \`call.ready\` of \`GET /api/events\` says that the call may be dialled.
3. \`POST /api/calling/connect\` \`{ "id": …, "session": … }\` dials with your SDP offer. \`call.connected\` brings the SDP answer, \`call.answered\` says that both sides are connected.
4. \`POST /api/calling/terminate\` \`{ "id": … }\` hangs up; \`call.ended\` has the \`outcome\`.

Inbound: \`call.incoming\` has the caller's offer; \`pre-accept\` with your answer, then \`accept\`.

The same [as commands to paste](/docs/start.md), [recipes to copy](/docs/recipes/README.md), [every error code with its remedy](/docs/errors.md)
([en español](/docs/errors.es.md)), and [all pages, for language models too](/llms.txt). Each request needs \`Authorization: Bearer <API key>\`; to try requests
on this page, give the key to *Authorize*. A refusal says in \`remedy\` what to do next, and in \`retry_at\` when asking again can succeed.`;

/** The paths of the first group in the order in which a call needs them. */
const FIRST = ['make-call', 'connect', 'pre-accept', 'accept', 'reject', 'terminate', 'release', 'request-permission', 'preflight'].map(
  (verb) => `/api/calling/${verb}`,
);

/** The paths of a document in the order of its groups, calling first; within a group as they were. */
export function inReadingOrder(paths: OpenAPIObject['paths']): OpenAPIObject['paths'] {
  const groups = Object.keys(TAGS);
  const groupOf = (item: object): number => {
    const tags = Object.values(item).flatMap((operation: { tags?: string[] }) => operation.tags ?? []);
    return groups.indexOf(tags[0] ?? '') >>> 0;
  };
  const verbOf = (path: string): number => FIRST.indexOf(path) >>> 0;
  const entries = Object.entries(paths).map(([path, item]) => ({ path, item, group: groupOf(item), verb: verbOf(path) }));
  entries.sort((a, b) => a.group - b.group || a.verb - b.verb);
  return Object.fromEntries(entries.map(({ path, item }) => [path, item]));
}
