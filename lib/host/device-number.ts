// Numbers for devices that are to be spoken of by them before they are there.

/** The kernel counts up from 1: numbers from here on are its own for a thousand million devices only. */
const FIRST = 2 ** 30;
/** So many follow that whoever needs several can count on. */
const ROOM = 2 ** 20;

/**
 * A number that nobody has. Others may make devices in the same moment, and a change that comes right behind a creation
 * that was refused would be made to their device: at random, nobody else takes the same one.
 */
export const randomNumber = (): number => FIRST + Math.floor(Math.random() * (FIRST - ROOM));
