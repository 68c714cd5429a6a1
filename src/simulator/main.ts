import '#kernel/node/required-node.js';

await import('./alone.js');
