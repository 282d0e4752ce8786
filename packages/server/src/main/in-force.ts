import type { LiveDirectory } from '../access/directory.ts';
import type { Stores } from '../database/stores.ts';

/** A change is in force on this node before whoever made it is told so. */
export function inForce(stores: Stores, directory: LiveDirectory): Stores {
  return {
    ...stores,
    async change(actor, work) {
      const result = await stores.change(actor, work);
      await directory.reload();
      return result;
    },
  };
}
