// Connects that are aborted: each rejects with the reason, nothing is unhandled, and the process ends by itself.

import { connect } from '../../../lib/index.js';

const [silentUnix = '', silentTcp = '', asking = ''] = process.argv.slice(2);
const unanswered = () => new Promise<never>(() => {});

process.on('unhandledRejection', (reason) => {
  console.error('unhandled', reason);
  process.exit(3);
});

const attempts = [
  (signal: AbortSignal) => connect(silentUnix, { signal }),
  (signal: AbortSignal) => connect(silentTcp, { signal }),
  (signal: AbortSignal) => connect(silentUnix, { signal, auth: { username: 'a', password: 'b' } }),
  (signal: AbortSignal) => connect(asking, { signal, auth: unanswered }),
];
const reasons = await Promise.all(
  attempts.map(async (attempt) => {
    const controller = new AbortController();
    const connecting = attempt(controller.signal);
    setTimeout(() => controller.abort('enough'), 100);
    return connecting.then(
      () => 'connected',
      (reason) => reason,
    );
  }),
);
// Aborted before anything is sent, and a connection that has come is nobody's to end.
const controller = new AbortController();
const connecting = connect('test:///default', { signal: controller.signal });
controller.abort('enough');
reasons.push(await connecting.catch((reason) => reason));
const open = new AbortController();
const connection = await connect('test:///default', { signal: open.signal });
open.abort('too late');
await connection.hostname();
await connection.close();
console.log(JSON.stringify({ reasons }));
