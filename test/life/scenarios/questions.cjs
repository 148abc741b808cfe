// Questions of an open that are answered badly: twice, never (node --expose-gc), with too much, after the end.

const { close, load, scenario } = require('./common.cjs');
const { functions: f } = load();

scenario(async (uri, user, password) => {
  const ask = (listener) => f.virConnectOpenAuth(uri, [2, 5], listener, 0);
  const outcome = (opening) =>
    opening.then(close).then(
      () => 'open',
      (failure) => failure.message,
    );
  const right = (asked) => asked.map(({ type }) => (type === 2 ? user : password));

  const facts = {};
  facts.twice = await outcome(
    ask((asked, answer) => {
      answer(right(asked));
      answer(asked.map(() => 'another'));
    }),
  );
  facts.tooMany = await outcome(ask((asked, answer) => answer([...right(asked), 'more'])));
  facts.sparse = await outcome(ask((_asked, answer) => answer(new Array(2 ** 32 - 1))));
  facts.nothing = await outcome(ask((_asked, answer) => answer()));
  facts.withNul = await outcome(ask((asked, answer) => answer(asked.map(() => `${user}\0`))));
  facts.thrown = await outcome(
    ask(() => {
      throw new Error('from the listener');
    }),
  );
  const collecting = setInterval(() => global.gc(), 20);
  facts.forgotten = await outcome(ask(() => {}));
  clearInterval(collecting);

  let late;
  const opening = ask((asked, answer) => {
    late = () => answer(right(asked));
    close(opening);
  });
  facts.closed = await outcome(opening);
  late();
  return facts;
});
