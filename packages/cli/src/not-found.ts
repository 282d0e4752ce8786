import { type Administration, NotFound } from '@pullgate/server';
import { Failure } from './failure.ts';

/** The same error, with what there is instead, or with the command that lists it. */
export async function withOthers(error: unknown, { organizations }: Administration, program: string): Promise<unknown> {
  if (!(error instanceof NotFound)) return error;
  switch (error.what) {
    case 'organization': {
      const names = (await organizations.list().catch(() => [])).map(({ name }) => name);
      return names.length === 0 ? error : new Failure(`${error.message} Those that there are: ${names.join(', ')}.`);
    }
    case 'person':
      return new Failure(`${error.message} See ${program} member list`);
    case 'access-token':
      return new Failure(`${error.message} See ${program} token list, with the same --user or --org`);
    case undefined:
      return error;
  }
}
