import { setTimeout as delay } from 'node:timers/promises';

const INTERVAL_MS = 20;

/**
 * Waits for something that sends no event: settles when `holds` gives true, rejects naming `what` when it has
 * not after `withinMs`. For what does send an event, wait for the event.
 */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  withinMs = 10_000,
): Promise<void> {
  const deadline = performance.now() + withinMs;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited ${withinMs} ms in vain until ${what}`);
    await delay(INTERVAL_MS);
  }
}
