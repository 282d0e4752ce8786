import { type ImageAccessPolicy, printable } from '@pullgate/policy';
import { z } from 'zod';
import { InvalidInput } from '../administration-error.ts';

/** A policy as JSON: what the database stores and what people export. Sets are sorted arrays. */
const schema = z.strictObject({
  enabled: z.boolean(),
  allow: z.strictObject({
    official: z.boolean(),
    'verified-publisher': z.boolean(),
    'sponsored-oss': z.boolean(),
    community: z.boolean(),
  }),
  allowlist: z.strictObject({ enabled: z.boolean(), repositories: z.array(z.string()) }),
  registryAccess: z.strictObject({
    enabled: z.boolean(),
    dockerHub: z.boolean(),
    registries: z.array(z.string()),
  }),
});

export type PolicyDocument = z.infer<typeof schema>;

/** What is wrong with a document, for people. */
export interface PolicyFinding {
  /** Keys and indexes that lead to it, or to where it is missing. */
  readonly path: readonly PropertyKey[];
  readonly sentence: string;
}

export class InvalidPolicyDocument extends InvalidInput {
  readonly findings: readonly PolicyFinding[];

  constructor(findings: readonly PolicyFinding[]) {
    super('policy', `That is not a policy: ${findings.map(({ sentence }) => sentence).join(' ')}`);
    this.findings = findings;
  }
}

export function policyToDocument(policy: ImageAccessPolicy): PolicyDocument {
  const { enabled, allow, allowlist, registryAccess } = policy;
  return {
    enabled,
    allow: { ...allow },
    allowlist: { enabled: allowlist.enabled, repositories: [...allowlist.repositories].sort() },
    registryAccess: { ...registryAccess, registries: [...registryAccess.registries].sort() },
  };
}

/** Reads the shape only; whether the names are canonical is checked where a policy is set. @throws InvalidPolicyDocument */
export function policyFromDocument(document: unknown): ImageAccessPolicy {
  const result = schema.safeParse(document);
  if (!result.success) throw new InvalidPolicyDocument(result.error.issues.flatMap((one) => findingsOf(one, document)));
  const { enabled, allow, allowlist, registryAccess } = result.data;
  return {
    enabled,
    allow,
    allowlist: { enabled: allowlist.enabled, repositories: new Set(allowlist.repositories) },
    registryAccess: { ...registryAccess, registries: new Set(registryAccess.registries) },
  };
}

function findingsOf(issue: z.core.$ZodIssue, document: unknown): readonly PolicyFinding[] {
  const { path } = issue;
  if (issue.code === 'unrecognized_keys') {
    const paths = issue.keys.map((key) => [...path, key]);
    return paths.map((one) => ({ path: one, sentence: `${nameOf(one)} is no setting of a policy.` }));
  }
  if (path.length > 0 && valueAt(document, path) === undefined) {
    return [{ path, sentence: `${nameOf(path)} is missing.` }];
  }
  return [{ path, sentence: issue.code === 'invalid_type' ? wanted(issue.expected, path) : issue.message }];
}

function wanted(type: string, path: readonly PropertyKey[]): string {
  switch (type) {
    case 'boolean':
      return `${nameOf(path)} is true or false.`;
    case 'array':
      return `${nameOf(path)} is a list of names.`;
    case 'string':
      return `${nameOf(path.slice(0, -1))} is a list of names, and this is none. What YAML takes for a number or a date needs quotes.`;
    default:
      return `${nameOf(path)} has settings under it.`;
  }
}

function nameOf(path: readonly PropertyKey[]): string {
  return path.length === 0 ? 'A policy' : printable(path.join('.'));
}

function valueAt(document: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce((value, key) => (value as Record<PropertyKey, unknown>)[key], document);
}
