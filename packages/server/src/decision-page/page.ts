import { explain, imageKindLabel, imageKindOf, type Organization, type Rule } from '@pullgate/policy';
import type { PullRecord } from '../pulls/pull-record.ts';

/** What each rule says about one pull, to the person who made it. */
const ruleText: Readonly<Record<Rule, string>> = {
  'registry-unknown': 'This gate does not pull from that registry.',
  'sign-in-required': 'Nobody was signed in, and this organization requires it.',
  'no-organization': 'Whoever asked belongs to no organization.',
  'organization-token': 'Image Access Management is on, and organization access tokens do not work together with it.',
  'token-scope': 'The organization access token does not cover this repository.',
  'image-access-off': 'Image Access Management is off.',
  owner: 'Owners are exempt from Image Access Management.',
  allowlist: 'The repository is on the allowlist.',
  'organization-image': 'The image belongs to an organization of this person.',
  'registry-access': 'The list of allowed registries decided.',
  category: 'The switch of the image’s category decided.',
};

/** These refuse whoever asks like that, whatever the image is: another image is no help. */
const signInHelps: ReadonlySet<Rule> = new Set(['sign-in-required', 'organization-token', 'token-scope']);

/** What is shown, however it is shown: facts with their names, or a sentence. */
export interface Page {
  readonly title: string;
  readonly body: string | readonly (readonly [name: string, value: string])[];
}

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:44rem;margin:3rem auto;padding:0 1rem}
h1{font-size:1.4rem;overflow-wrap:anywhere}dl{display:grid;grid-template-columns:max-content 1fr;gap:.4rem 1.5rem}
dt{font-weight:600}dd{margin:0;overflow-wrap:anywhere}@media(max-width:30rem){dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}}`;

/**
 * The whole of one decision, for a member of the organization that made it; or, without an organization, what it says of
 * the person who asked.
 */
export function decisionPage(
  record: PullRecord,
  organization: Organization | undefined,
  owners: readonly string[],
): Page {
  const refused = record.verdict === 'deny';
  const image = record.repository + (record.tag ? `:${record.tag}` : '') + (record.digest ? `@${record.digest}` : '');
  const facts: [string, string][] = [
    ['Image', image],
    ['Category', imageKindLabel[imageKindOf(record)]],
    ['Decided by', deciderOf(record, organization)],
    ['Rule', `${ruleText[record.rule]} (${record.rule})`],
    ['Asked by', record.person ?? 'nobody signed in'],
    ['When', new Date(record.at).toISOString()],
  ];
  if (signInHelps.has(record.rule))
    facts.push(['What to do', 'sign in with your user name and a personal access token, and pull again']);
  else if (refused && organization) facts.push(['Allowed instead', allowedInstead(record, organization)]);
  if (refused) facts.push(['Whom to ask', owners.length > 0 ? owners.join(', ') : 'whoever runs this gate']);
  const title = `${record.repository} was ${refused ? 'refused' : 'allowed'}`;
  return { title, body: facts };
}

function deciderOf({ policyVersion, organizationId }: PullRecord, organization: Organization | undefined): string {
  if (organization) return `${organization.name}, policy version ${policyVersion ?? 'none'}`;
  return organizationId === null ? 'the configuration of this gate' : 'an organization that you do not belong to';
}

/** What a member may pull by the policy in force now, which is the one that a next pull meets. */
function allowedInstead({ repository, category }: PullRecord, organization: Organization): string {
  // A record's names are canonical: they are taken apart, not parsed.
  const slash = repository.indexOf('/');
  const { decision, alternatives } = explain({
    principal: { kind: 'person', id: '', username: '', memberships: [{ organization, role: 'member' }] },
    repository: { registry: repository.slice(0, slash), path: repository.slice(slash + 1), name: repository },
    category: category === 'organization' ? 'community' : category,
    claimedBy: undefined,
    home: organization,
    upstreamKnown: true,
  });
  if (decision.verdict === 'allow') return 'this image too: the policy has changed since';
  const listed = organization.policy.allowlist.enabled ? organization.policy.allowlist.repositories.size : 0;
  return [
    ...alternatives.map((label) => `${label} images`),
    ...(listed > 0 ? [`${listed} ${listed === 1 ? 'repository' : 'repositories'} on the allowlist`] : []),
  ].join(', ');
}

/** For a terminal, to which control characters would be commands, and others the order in which it shows the text. */
export function asText({ title, body }: Page): string {
  const rows: Page['body'] = typeof body === 'string' ? [['', body]] : body;
  const width = Math.max(...rows.map(([name]) => name.length && name.length + 2));
  return [title, '', ...rows.map(([name, value]) => name.padEnd(width) + value), '']
    .map((line) => line.replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, '?'))
    .join('\n');
}

/** For a browser. */
export function asHtml({ title, body }: Page): string {
  const row = ([name, value]: readonly [string, string]) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(value)}</dd>`;
  const content = typeof body === 'string' ? `<p>${escapeHtml(body)}</p>` : `<dl>\n${body.map(row).join('\n')}\n</dl>`;
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · Pullgate</title><style>${style}</style></head>
<body><main><h1>${escapeHtml(title)}</h1>
${content}</main></body>
</html>
`;
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
