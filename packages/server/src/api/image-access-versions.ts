import {
  formatTime,
  type ImageAccessChangeBody,
  type ImageAccessVersionBody,
  type WholeImageAccessVersionBody,
} from '@pullgate/contract';
import type { Administration } from '../administration.ts';
import type { PolicyVersion } from '../organizations/policies.ts';
import { type PolicyDifference, policyDifference } from '../organizations/policy-rules.ts';
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
      const { offset, limit } = pageRequest(query);
      // Versions count from 1 without a gap, so the newest one tells how many there are.
      const { version: total } = await policies.current(organization.name);
      const newest = await policies.versions(organization.name, Math.min(offset + limit, total) + 1);
      const items = newest
        .slice(offset, offset + limit)
        .map((version, index) => listedBody(version, newest[offset + index + 1]));
      return pageBody(call, { items, total }, (body) => body);
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

function listedBody(version: PolicyVersion, before: PolicyVersion | undefined): ImageAccessVersionBody {
  const difference = before && policyDifference(before.policy, version.policy);
  return {
    version: version.version,
    changed_at: formatTime(version.changedAt),
    changed_by: version.changedBy,
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
