/** The next `count` items of an iterator, which stays open; fails when it ends before. */
export async function take<Item>(from: AsyncIterator<Item>, count: number): Promise<Item[]> {
  const items: Item[] = [];
  while (items.length < count) {
    const { done, value } = await from.next();
    if (done) throw new Error(`the iterator ended after ${items.length} of ${count} items`);
    items.push(value);
  }
  return items;
}
