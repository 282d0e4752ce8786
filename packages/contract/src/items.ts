/** A page of a list that is read by page numbers, or by cursors. */
type ListPage<Item> =
  | { readonly results: readonly Item[]; readonly next: string | null }
  | { readonly results: readonly Item[]; readonly next_cursor: string | null };

interface ListArguments {
  readonly query?: object;
}

/**
 * Reads a list to its end, a page at a time and only as far as it is consumed:
 * `for await (const member of itemsOf(client.listMembers, { params: { org } }))`.
 */
export async function* itemsOf<Args extends ListArguments, Item>(
  list: (args: Args) => Promise<ListPage<Item>>,
  args: Args,
): AsyncGenerator<Item, void> {
  let position: object = {};
  for (let number = 2; ; number++) {
    const page: ListPage<Item> = await list({ ...args, query: { ...args.query, ...position } });
    yield* page.results;
    if ('next_cursor' in page) {
      if (page.next_cursor === null) return;
      position = { cursor: page.next_cursor };
    } else {
      if (page.next === null) return;
      position = { page: number };
    }
  }
}
