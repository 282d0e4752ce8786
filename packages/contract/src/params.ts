import { z } from 'zod';

/** Whatever it says: one that does not exist is answered like one that nobody may see. */
const organization = z.string().min(1).describe('Name of the organization.');
const username = z.string().min(1).describe('User name. Where members are changed or removed, also an e-mail address.');
const id = z.string().min(1);

export const inOrganization = z.object({ org: organization });
export const withId = z.object({ id });
export const inOrganizationWithId = z.object({ org: organization, id });
export const inOrganizationWithName = z.object({ org: organization, username });
