import { type Category, categoryLabel, defaultPolicy } from '@pullgate/policy';

/** What a running demo has to show. */
export interface DemoFacts {
  /** The gate's origin: `http://localhost:8080`. */
  readonly url: string;
  /** The organization's name. */
  readonly org: string;
  readonly accounts: readonly DemoAccount[];
  /** With which all of them sign in to the console: a link in a refusal leads there. */
  readonly password: string;
  readonly images: readonly DemoReference[];
}

interface DemoAccount {
  readonly username: string;
  readonly role: 'owner' | 'member';
  /** The access token in full: the demo's whole purpose is that it is pasted. */
  readonly pat: string;
}

interface DemoReference {
  /** As a client pulls it: `localhost:8080/acme/web:latest`. */
  readonly reference: string;
  readonly category: Category;
}

/** Emphasis for a terminal; gives the text back as it is where there is none. */
export type Emphasize = (style: 'bold' | 'dim' | 'green' | 'red' | 'cyan', text: string) => string;

/** For programs: one object on one line. */
export function jsonReport({ url, org, accounts, images }: DemoFacts): string {
  return JSON.stringify({
    url,
    org,
    accounts: accounts.map(({ username, role, pat }) => ({ username, role, pat })),
    images: images.map(({ reference, category }) => ({ reference, category })),
  });
}

/** For people: what to paste, and what will happen. */
export function textReport(facts: DemoFacts, emphasize: Emphasize): string {
  const heading = (text: string): string => emphasize('bold', text);
  const command = (text: string): string => `   ${emphasize('cyan', text)}`;
  const host = new URL(facts.url).host;
  const member = accountOf(facts, 'member');
  const owner = accountOf(facts, 'owner');
  const allowed = referenceOf(facts, 'official');
  const refused = referenceOf(facts, 'community');
  const signIn = ({ username, pat }: DemoAccount): string =>
    command(`echo ${pat} | docker login ${host} -u ${username} --password-stdin`);
  return [
    `${heading('Pullgate demo')} at ${facts.url}`,
    '',
    `The organization ${facts.org} has Image Access Management on: members may pull its own images,`,
    'Official and Verified Publisher images. Registry, Docker Hub, people and images are made up,',
    'run inside this process, and are gone when it ends.',
    '',
    heading(`1. Sign in as ${member.username}, a member of ${facts.org}`),
    signIn(member),
    '',
    heading('2. Pull an Official image'),
    command(`docker pull ${allowed}`),
    `   ${emphasize('green', 'Allowed:')} the pull succeeds.`,
    '',
    heading('3. Pull a Community image'),
    command(`docker pull ${refused}`),
    `   ${emphasize('red', 'Refused:')} docker prints why, who decided, and a link to the decision.`,
    `   Open the link in a browser, and sign in as ${member.username} with the password ${facts.password}`,
    '',
    heading(`4. Pull the same as ${owner.username}, an owner of ${facts.org}`),
    signIn(owner),
    command(`docker pull ${refused}`),
    `   ${emphasize('green', 'Allowed:')} owners are exempt in their own organization.`,
    '',
    heading('5. Decide what may be pulled, in the Admin Console'),
    `   Open ${facts.url}/console/ and sign in as ${owner.username} with the same password.`,
    '',
    heading(`All images, and what ${member.username} may pull`),
    ...facts.images.map((image) => `   ${imageLine(image, facts.images, emphasize)}`),
    '',
    emphasize(
      'dim',
      'Podman and Skopeo: add --tls-verify=false, because the demo speaks plain HTTP. Ctrl+C ends the demo.',
    ),
    '',
  ].join('\n');
}

/** Whether members may pull the category under the policy that the demo switches on: the defaults. */
function isAllowed(category: Category): boolean {
  return category === 'organization' || defaultPolicy.allow[category];
}

function imageLine(image: DemoReference, all: readonly DemoReference[], emphasize: Emphasize): string {
  const width = Math.max(...all.map(({ reference }) => reference.length));
  const verdict = isAllowed(image.category) ? emphasize('green', 'allowed') : emphasize('red', 'refused');
  return `${image.reference.padEnd(width)}  ${categoryLabel[image.category].padEnd(18)}  ${verdict}`;
}

function accountOf({ accounts }: DemoFacts, role: DemoAccount['role']): DemoAccount {
  const account = accounts.find((candidate) => candidate.role === role);
  if (account === undefined) throw new Error(`The demo has no ${role}.`);
  return account;
}

function referenceOf({ images }: DemoFacts, category: Category): string {
  const image = images.find((candidate) => candidate.category === category);
  if (image === undefined) throw new Error(`The demo has no image of the category ${category}.`);
  return image.reference;
}
