import {
  formatTime,
  type ImageAccessBody,
  type ImageAccessCheckBody,
  type ImageAccessPolicyBody,
  type RegistryAccessOfPolicyBody,
} from '@pullgate/contract';
import {
  canonicalRegistry,
  type ImageAccessPolicy,
  InvalidReference,
  imageKindOf,
  type Membership,
  type Organization,
  parseImageReference,
  type Question,
  type RegistryAccess,
} from '@pullgate/policy';
import type { Check, Checked } from '../access/check.ts';
import type { Actor } from '../activity/activity.ts';
import type { Administration } from '../administration.ts';
import { InvalidInput, PolicyConflict } from '../administration-error.ts';
import type { PolicyVersion } from '../organizations/policies.ts';
import { checkPolicy } from '../organizations/policy-rules.ts';
import type { PreviewedChange } from '../pulls/policy-preview.ts';
import type { Pulls } from '../pulls/pulls.ts';
import { type Handlers, Reply } from './call.ts';
import type { CategoryFacts } from './catalog.ts';
import { defined } from './defined.ts';
import { forbidden } from './errors.ts';

export interface ImageAccessOptions {
  readonly administration: Administration;
  readonly check: Check;
  readonly categoryFacts: CategoryFacts;
  readonly pulls: Pick<Pulls, 'preview'>;
}

/** How often a change without `If-Match` is made anew when somebody else was faster. */
const tries = 5;

export function imageAccessHandlers({ administration, check, categoryFacts, pulls }: ImageAccessOptions) {
  const { policies } = administration;

  /** Changes the policy in force; with a version, only when it is that one. */
  async function change(
    call: { organization: { name: string }; ifMatch: number | undefined; actor: () => Promise<Actor> },
    changed: (policy: ImageAccessPolicy) => ImageAccessPolicy,
  ): Promise<Reply<ImageAccessBody>> {
    const { name } = call.organization;
    const actor = await call.actor();
    for (let left = tries; ; left--) {
      const { policy, version } = await policies.current(name);
      const update = { policy: changed(policy), expectedVersion: call.ifMatch ?? version };
      try {
        return imageAccessReply(await policies.set(name, update, actor));
      } catch (error) {
        if (!(error instanceof PolicyConflict) || call.ifMatch !== undefined || left === 1) throw error;
      }
    }
  }

  return {
    async getImageAccess({ organization }) {
      return imageAccessReply(await policies.current(organization.name));
    },

    async setImageAccess(call) {
      return change(call, ({ registryAccess }) => policyOf(call.body, registryAccess));
    },

    async updateImageAccess(call) {
      const { allowlist = {}, ...switches } = call.body;
      return change(call, (policy) => {
        const whole = { ...policyBody(policy), ...defined(switches) };
        const { enabled = whole.allowlist.enabled, repositories = whole.allowlist.repositories } = allowlist;
        const listed = repositoriesOf(repositories)
          .union(repositoriesOf(allowlist.add ?? []))
          .difference(repositoriesOf(allowlist.remove ?? []));
        return policyOf({ ...whole, allowlist: { enabled, repositories: [...listed] } }, policy.registryAccess);
      });
    },

    async checkImageAccess({ organization, asOwner, caller, query }) {
      const own = caller.person.username;
      const { reference, username = own } = query;
      if (username !== own && !asOwner) throw forbidden('Only owners ask for others. Leave the user name out.');
      // People know all of their own organizations. Which others a member is in, and what those say, is not for owners.
      const checked = await (username === own
        ? check.asPerson(reference, own)
        : check.asMember(reference, username, organization.id));
      const judges = membershipsOf(checked.question).map((membership) => membership.organization.name);
      const facts = await categoryFacts(checked.question.repository, judges);
      return checkBody(checked, { username, organization }, facts);
    },

    async previewImageAccess({ organization, body }) {
      const { policy } = await policies.current(organization.name);
      const registryAccess = body.registry_access ? registryAccessOf(body.registry_access) : policy.registryAccess;
      const proposed = policyOf(body, registryAccess);
      checkPolicy(proposed);
      const { range, requests, notJudged, refused, allowed } = await pulls.preview({
        organizationId: organization.id,
        policy: proposed,
      });
      return {
        from: formatTime(range.from),
        to: formatTime(range.until),
        requests,
        not_judged: notJudged,
        refused: affectedBody(refused),
        allowed: affectedBody(allowed),
      };
    },
  } satisfies Partial<Handlers>;
}

/** With the version as `ETag`, which `If-Match` of a later change takes. */
export function imageAccessReply(version: PolicyVersion): Reply<ImageAccessBody> {
  return new Reply(imageAccessBody(version), { ETag: `"${version.version}"` });
}

export function imageAccessBody({ policy, version, changedAt, changedBy }: PolicyVersion): ImageAccessBody {
  return { ...policyBody(policy), version, changed_at: formatTime(changedAt), changed_by: changedBy };
}

function policyBody({ enabled, allow, allowlist }: ImageAccessPolicy): ImageAccessPolicyBody {
  return {
    enabled,
    allow_official_images: allow.official,
    allow_verified_publishers: allow['verified-publisher'],
    allow_sponsored_open_source: allow['sponsored-oss'],
    allow_community_images: allow.community,
    allowlist: { enabled: allowlist.enabled, repositories: [...allowlist.repositories].sort() },
  };
}

function policyOf(body: ImageAccessPolicyBody, registryAccess: ImageAccessPolicy['registryAccess']): ImageAccessPolicy {
  return {
    enabled: body.enabled,
    allow: {
      official: body.allow_official_images,
      'verified-publisher': body.allow_verified_publishers,
      'sponsored-oss': body.allow_sponsored_open_source,
      community: body.allow_community_images,
    },
    allowlist: { enabled: body.allowlist.enabled, repositories: repositoriesOf(body.allowlist.repositories) },
    registryAccess,
  };
}

function registryAccessOf({ enabled, docker_hub, registries }: RegistryAccessOfPolicyBody): RegistryAccess {
  return { enabled, dockerHub: docker_hub, registries: new Set(registries.map(registryOf)) };
}

/** Full names, for a name that is not would match nothing. */
function repositoriesOf(names: readonly string[]): ReadonlySet<string> {
  return new Set(names.map(repositoryOf));
}

const maxShown = 80;

function repositoryOf(text: string): string {
  try {
    const { repository, tag, digest } = parseImageReference(text);
    if (tag === undefined && digest === undefined) return repository.name;
  } catch (error) {
    if (!(error instanceof InvalidReference)) throw error;
  }
  const shown = JSON.stringify(text.slice(0, maxShown));
  throw new InvalidInput('allowlist.repositories', `${shown} is not the name of a repository without a tag.`);
}

function registryOf(text: string): string {
  try {
    return canonicalRegistry(text);
  } catch (error) {
    if (!(error instanceof InvalidReference)) throw error;
    throw new InvalidInput('registry_access.registries', error.message);
  }
}

function membershipsOf({ principal }: Question): readonly Membership[] {
  return principal.kind === 'person' ? principal.memberships : [];
}

function checkBody(
  { question, explanation }: Checked,
  { username, organization }: { readonly username: string; readonly organization: Pick<Organization, 'id'> },
  { source, as_of }: Awaited<ReturnType<CategoryFacts>>,
): ImageAccessCheckBody {
  const { decision, before, organizations, alternatives } = explanation;
  const repository = question.repository.name;
  const judge = organizations.find((one) => one.organization.id === decision.organization?.id);
  const asked = [
    { org: null, steps: before },
    ...organizations.map((one) => ({ org: one.organization.name, steps: one.steps })),
  ];
  return {
    repository,
    category: imageKindOf({ category: decision.category, repository }),
    source,
    as_of,
    username,
    role: membershipsOf(question).find((one) => one.organization.id === organization.id)?.role ?? 'member',
    org: decision.organization?.name ?? null,
    verdict: decision.verdict,
    rule: decision.rule,
    sentence: (judge?.steps ?? before).find(({ won }) => won)?.sentence ?? '',
    steps: asked.flatMap(({ org, steps }) =>
      steps.map(({ rule, outcome, sentence, won }) => ({ org, rule, outcome, sentence, won })),
    ),
    alternatives: [...alternatives],
  };
}

function affectedBody({ requests, peopleCount, imageCount, people, images }: PreviewedChange) {
  return {
    requests,
    people_count: peopleCount,
    image_count: imageCount,
    people: people.map((one) => ({ username: one.person, requests: one.requests })),
    images: images.map((one) => ({ ...one })),
  };
}
