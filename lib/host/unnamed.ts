// Links whose names the kernel chooses, by a pattern such as `veth%d`: made, found by what the kernel answers or by their
// number, and told the rest by the name that they got.
import { release } from 'node:os';
import { randomNumber } from './device-number.js';
import { readName } from './link.js';
import { deleteLink, madeBy } from './link-changes.js';
import { linkMessage } from './netlink/info.js';
import { RTM } from './netlink/numbers.js';
import { type Change, carryOut, takingBack } from './operation.js';
import { Rtnetlink } from './rtnetlink.js';

/** Whether a name is one that the kernel completes. */
export const isPattern = (name: unknown): boolean => typeof name === 'string' && name.includes('%');

/** The same request, answered with the link that it made (since Linux 6.2; ignored before). */
export const echoed = <T extends { write(names: never): Uint8Array }>(change: T): T => ({
  ...change,
  write: (names: never) => {
    const message = change.write(names);
    const ECHO = 0x8;
    new DataView(message.buffer).setUint8(6, (message[6] ?? 0) | ECHO);
    return message;
  },
});

function kernelEchoes(): boolean {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  return major > 6 || (major === 6 && minor >= 2);
}

/** The same, of a link with that number. */
function withNumber(creation: Change, index: number): Change {
  const [, ...others] = creation.makes ?? [];
  return creation.numbered?.([index, ...others.map((other) => other.index)]) ?? creation;
}

async function nameOf(there: Rtnetlink, { asked }: Change, index: number): Promise<string> {
  const write = () => linkMessage.write({ type: RTM.GETLINK, header: { index } });
  const [message] = await there.ask({ asked, request: RTM.GETLINK, write });
  return message ? readName(message)[0] : '';
}

/** Makes the link, and finds out what it is called. */
async function make(kernel: Rtnetlink, there: Rtnetlink, creation: Change): Promise<string> {
  const { index: wanted } = madeBy(creation);
  if (there === kernel && kernelEchoes()) {
    const [told] = await kernel.ask(echoed(creation));
    if (told) return readName(told)[0];
  }
  const index = wanted ?? randomNumber();
  await kernel.ask(withNumber(creation, index));
  return nameOf(there, creation, index);
}

/** Makes a link by a pattern, and the rest by the name that it got: all, or none. Gives that name. */
export async function makeUnnamed(
  kernel: Rtnetlink,
  creation: Change,
  rest: (name: string) => readonly Change[],
): Promise<string> {
  const { netns } = madeBy(creation);
  const there = netns === undefined ? kernel : new Rtnetlink(netns);
  try {
    const name = await make(kernel, there, creation);
    await carryOut(kernel, rest(name)).catch((error: unknown) =>
      takingBack(there, error, (lasting) => lasting.ask(deleteLink(name))),
    );
    return name;
  } finally {
    if (there !== kernel) there.close();
  }
}
