import {
  formatTime,
  type ImageAccessChangeBody,
  type ImageAccessVersionBody,
  type WholeImageAccessVersionBody,
} from '@pullgate/contract';
import type { Administration } from '../administration.ts';
import type { PolicyChange, PolicyVersion } from '../organizations/policies.ts';
import type { PolicyDifference } from '../organizations/policy-rules.ts';
import { type Handlers, pageBody } from './call.ts';
import { defined } from './defined.ts';
import { imageAccessBody, imageAccessReply } from './image-access.ts';
import { pageRequest } from './paging.ts';

export function imageAccessVersionHandlers({
  administration: { policies },
}: {
  readonly administration: Administration;
}) {
  return {
    async listImageAccessVersions(call) {
      const { organization, query } = call;
      const { search } = query;
      const wanted = { ...pageRequest(query), ...defined({ search }) };
      return pageBody(call, await policies.history(organization.name, wanted), listedBody);
    },

    async getImageAccessVersion({ organization, params }) {
      return wholeBody(await policies.version(organization.name, params.version));
    },

    async diffImageAccessVersions({ organization, params: { version: to }, query: { against } }) {
      const from = against ?? Math.max(1, to - 1);
      return { from, to, changes: changesBody(await policies.difference(organization.name, from, to)) };
    },

    async restoreImageAccessVersion({ organization, params: { version }, ifMatch: expectedVersion, actor }) {
      const restoration = { version, ...defined({ expectedVersion }) };
      return imageAccessReply(await policies.restore(organization.name, restoration, await actor()));
    },
  } satisfies Partial<Handlers>;
}

function listedBody({ version, changedAt, changedBy, difference }: PolicyChange): ImageAccessVersionBody {
  return {
    version,
    changed_at: formatTime(changedAt),
    changed_by: changedBy,
    changes: changesBody(difference),
  };
}

function wholeBody(version: PolicyVersion): WholeImageAccessVersionBody {
  const { enabled, dockerHub, registries } = version.policy.registryAccess;
  return {
    ...imageAccessBody(version),
    registry_access: { enabled, docker_hub: dockerHub, registries: [...registries].sort() },
  };
}

/** The settings as the API calls them. */
const wireNames: Readonly<Record<string, string>> = {
  official: 'allow_official_images',
  'verified-publisher': 'allow_verified_publishers',
  'sponsored-oss': 'allow_sponsored_open_source',
  community: 'allow_community_images',
  'registryAccess.enabled': 'registry_access.enabled',
  'registryAccess.dockerHub': 'registry_access.docker_hub',
  'registryAccess.registries': 'registry_access.registries',
};

function changesBody(difference: PolicyDifference | undefined): ImageAccessChangeBody[] {
  if (difference === undefined) return [];
  const { before, after } = difference;
  return Object.keys(before).map((setting) => ({
    setting: wireNames[setting] ?? setting,
    before: settingBody(before[setting]),
    after: settingBody(after[setting]),
  }));
}

/** A policy consists of switches and lists of names, and a difference of the same. */
function settingBody(setting: unknown): boolean | string[] {
  return Array.isArray(setting) ? setting.map(String) : setting === true;
}
