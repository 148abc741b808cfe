// What examples do with what the user asked for and cannot be: say it in a line, and end with 1.
import { LibvirtError } from 'virtnet';

/** Does some work; prints what is wrong with the input, or what libvirt has against it. */
export async function inWords(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    const expected =
      error instanceof LibvirtError || error instanceof RangeError || error instanceof TypeError;
    if (!expected) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}
