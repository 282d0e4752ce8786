import type { ImageAccessPolicy } from '@pullgate/policy';
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

export function policyToDocument(policy: ImageAccessPolicy): PolicyDocument {
  const { enabled, allow, allowlist, registryAccess } = policy;
  return {
    enabled,
    allow: { ...allow },
    allowlist: { enabled: allowlist.enabled, repositories: [...allowlist.repositories].sort() },
    registryAccess: { ...registryAccess, registries: [...registryAccess.registries].sort() },
  };
}

/** Reads the shape only; whether the names are canonical is checked where a policy is set. @throws InvalidInput */
export function policyFromDocument(document: unknown): ImageAccessPolicy {
  const result = schema.safeParse(document);
  if (!result.success) throw new InvalidInput('policy', `That is not a policy: ${z.prettifyError(result.error)}`);
  const { enabled, allow, allowlist, registryAccess } = result.data;
  return {
    enabled,
    allow,
    allowlist: { enabled: allowlist.enabled, repositories: new Set(allowlist.repositories) },
    registryAccess: { ...registryAccess, registries: new Set(registryAccess.registries) },
  };
}
