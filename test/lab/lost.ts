// Compares what was given to libvirt with what it gives back, which may be more.

/** The paths at which `kept` lacks what `given` has. */
export function lost(given: unknown, kept: unknown, path = ''): string[] {
  if (typeof given !== 'object' || given === null)
    return same(given, kept) ? [] : [`${path}: ${given} is ${kept}`];
  return Object.entries(given).flatMap(([key, value]) =>
    lost(value, (kept as Record<string, unknown> | undefined)?.[key], `${path}/${key}`),
  );
}

function same(given: unknown, kept: unknown): boolean {
  // libvirt does not print what it assumes anyway.
  return given === (kept ?? false) || (typeof given === 'string' && given.toLowerCase() === kept);
}
