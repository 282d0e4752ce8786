import { type AccountBody, type CallerBody, type PersonBody, sentences } from '@pullgate/contract';
import type { LiveDirectory } from '../access/directory.ts';
import type { Administration } from '../administration.ts';
import type { PersonAccount } from '../people/people.ts';
import { type Handlers, pageBody } from './call.ts';
import { defined } from './defined.ts';
import { forbidden, nothingThere } from './errors.ts';
import { ownOrganizationBody } from './organizations.ts';
import { pageOfAll } from './paging.ts';
import { profileBody } from './profile.ts';

export function peopleHandlers({
  administration: { people, organizations, teams },
  directory,
}: {
  readonly administration: Administration;
  readonly directory: LiveDirectory;
}) {
  return {
    async getCaller({ caller }) {
      return callerBody(await people.byUsername(caller.person.username));
    },

    async updateCaller({ caller, body: { full_name: name, location, company }, actor }) {
      const profile = defined({ name, location, company });
      return callerBody(await people.updateProfile(caller.person.username, profile, await actor()));
    },

    async listOwnOrganizations(call) {
      const page = pageOfAll(await organizations.ofPerson(call.caller.person.username), call.query);
      const items = await Promise.all(
        page.items.map(async (own) => {
          const { total } = await teams.page(own.organization.name, { offset: 0, limit: 1 });
          return ownOrganizationBody(own, total);
        }),
      );
      return pageBody(call, { ...page, items }, (body) => body);
    },

    async listPeople(call) {
      const wanted = call.query.search?.toLowerCase() ?? '';
      const found = (await people.list()).filter(({ username, name, email }) =>
        [username, name, email ?? ''].some((text) => text.toLowerCase().includes(wanted)),
      );
      return pageBody(call, pageOfAll(found, call.query), accountBody);
    },

    async updatePerson({ caller, params: { username }, body: { is_active, is_admin }, actor }) {
      // A stolen token must not make itself permanent by making another administrator.
      if (is_admin !== undefined && caller.by.kind !== 'session') throw forbidden(sentences.personalTokenRefused);
      const by = await actor();
      if (is_active !== undefined) await people.setActive(username, is_active, by);
      if (is_admin !== undefined) await people.setAdministrator(username, is_admin, by);
      return accountBody(await people.byUsername(username));
    },

    async getPerson({ caller, params: { username } }) {
      const other = directory.current.personByName(username);
      const own = new Set(caller.person.memberships.map(({ organization }) => organization.id));
      const isKnown =
        other?.id === caller.person.id || other?.memberships.some(({ organization }) => own.has(organization.id));
      if (!isKnown) throw nothingThere();
      return personBody(await people.byUsername(username));
    },
  } satisfies Partial<Handlers>;
}

export function personBody(person: PersonAccount): PersonBody {
  return { ...profileBody(person, person.name), username: person.username, type: 'User' };
}

function callerBody(person: PersonAccount): CallerBody {
  return { ...personBody(person), email: person.email, is_staff: false, is_admin: person.isAdministrator };
}

function accountBody(person: PersonAccount): AccountBody {
  const { email, isActive: is_active, isAdministrator: is_admin } = person;
  return { ...personBody(person), email, is_active, is_admin };
}
