import type { PushProof } from '../organizations/push-proof.ts';
import type { ActivityOptions } from './activity.ts';
import { activityHandlers } from './activity.ts';
import type { Handlers } from './call.ts';
import { type CatalogOptions, catalogHandlers, createCategoryFacts } from './catalog.ts';
import { groupHandlers } from './groups.ts';
import { type ImageAccessOptions, imageAccessHandlers } from './image-access.ts';
import { imageAccessVersionHandlers } from './image-access-versions.ts';
import { type InstallationOptions, installationHandlers } from './installation.ts';
import { type InviteOptions, inviteHandlers } from './invites.ts';
import { memberHandlers } from './members.ts';
import { namespaceHandlers } from './namespaces.ts';
import { organizationTokenHandlers } from './organization-tokens.ts';
import { organizationHandlers } from './organizations.ts';
import { peopleHandlers } from './people.ts';
import { personalTokenHandlers } from './personal-tokens.ts';
import { type PullsOptions, pullHandlers } from './pulls.ts';
import { type RepositoriesOptions, repositoryHandlers } from './repositories.ts';
import { sessionHandlers } from './sessions.ts';
import { settingsHandlers } from './settings.ts';
import { type SignInOptions, signInHandlers } from './sign-in.ts';
import { type SingleSignOnOptions, singleSignOnHandlers } from './single-sign-on.ts';

/** Everything that the handlers ask and change. */
export type HandlerOptions = ActivityOptions &
  CatalogOptions &
  Omit<ImageAccessOptions, 'categoryFacts'> &
  InstallationOptions &
  InviteOptions &
  PullsOptions &
  RepositoriesOptions &
  Omit<SignInOptions, 'people'> &
  SingleSignOnOptions & { readonly pushProof: PushProof };

/** One for each line of the table. */
export function createHandlers(options: HandlerOptions): Handlers {
  const categoryFacts = createCategoryFacts(options);
  return {
    ...signInHandlers({ ...options, people: options.administration.people }),
    ...peopleHandlers(options),
    ...sessionHandlers(options),
    ...personalTokenHandlers(options),
    ...organizationHandlers(options),
    ...settingsHandlers(options),
    ...imageAccessHandlers({ ...options, categoryFacts }),
    ...imageAccessVersionHandlers(options),
    ...memberHandlers(options),
    ...inviteHandlers(options),
    ...groupHandlers(options),
    ...organizationTokenHandlers(options),
    ...namespaceHandlers(options),
    ...pullHandlers(options),
    ...activityHandlers(options),
    ...singleSignOnHandlers(options),
    ...repositoryHandlers(options),
    ...catalogHandlers({ categoryFacts }),
    ...installationHandlers(options),
  };
}
