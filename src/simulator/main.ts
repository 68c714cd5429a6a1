import '#kernel/required-node.js';

await import('./alone.js');
