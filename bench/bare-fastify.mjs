// The ceiling: Fastify that parses the body, stores nothing and says 200.
import Fastify from 'fastify';

const app = Fastify();
app.post('/webhook', async () => ({ received: true }));
await app.listen({ port: Number(process.env.PORT), host: '127.0.0.1' });
