import type { z } from 'zod';

/**
 * Marks what must not be seen while it is typed, nor stand where others can read it. OpenAPI has a format for it; the
 * command line takes such a field from the terminal or a file, never from its arguments.
 */
export function secret<S extends z.ZodType>(schema: S): S {
  return schema.meta({ ...schema.meta(), format: 'password' });
}
