import type { SsoConnectionBody } from '@pullgate/contract';
import type { client } from '../app/client.ts';

export type Protocol = SsoConnectionBody['protocol'];
export type DefaultRole = SsoConnectionBody['default_role'];

export interface GroupMapping {
  /** Stays the same while a line is edited. */
  readonly key: number;
  readonly group: string;
  readonly team: string;
}

/** A connection as it is being typed. Fields of both protocols: those of the other one are not sent. */
export interface ConnectionDraft {
  readonly protocol: Protocol;
  readonly name: string;
  readonly domains: readonly string[];
  readonly enforced: boolean;
  readonly createMembers: boolean;
  readonly defaultRole: DefaultRole;
  readonly groupsClaim: string;
  readonly groupMappings: readonly GroupMapping[];
  readonly issuer: string;
  readonly clientId: string;
  /** Empty in a connection that is changed: then it stays. */
  readonly clientSecret: string;
  /** Separated by spaces, as OAuth writes them. */
  readonly scopes: string;
  readonly entryPoint: string;
  readonly entityId: string;
  readonly certificate: string;
}

/** What a new connection begins with. */
export function newDraft(domains: readonly string[]): ConnectionDraft {
  return {
    protocol: 'oidc',
    name: '',
    domains,
    enforced: false,
    createMembers: true,
    defaultRole: 'member',
    groupsClaim: 'groups',
    groupMappings: [],
    issuer: '',
    clientId: '',
    clientSecret: '',
    scopes: 'openid email profile',
    entryPoint: '',
    entityId: '',
    certificate: '',
  };
}

export function draftOf(connection: SsoConnectionBody): ConnectionDraft {
  const { oidc, saml } = connection;
  return {
    ...newDraft(connection.domains),
    protocol: connection.protocol,
    name: connection.name,
    enforced: connection.enforced,
    createMembers: connection.create_members,
    defaultRole: connection.default_role,
    groupsClaim: connection.groups_claim,
    groupMappings: connection.group_mappings.map((mapping, key) => ({ key, ...mapping })),
    ...(oidc && { issuer: oidc.issuer, clientId: oidc.client_id, scopes: oidc.scopes.join(' ') }),
    ...(saml && { entryPoint: saml.entry_point, entityId: saml.entity_id, certificate: saml.certificate }),
  };
}

type NewConnection = Parameters<typeof client.createConnection>[0]['body'];
type ConnectionChange = Parameters<typeof client.updateConnection>[0]['body'];

/** For a connection that is made. */
export function creationOf(draft: ConnectionDraft): NewConnection {
  if (draft.protocol === 'saml') return { ...rulesOf(draft), protocol: 'saml', saml: samlOf(draft) };
  return { ...rulesOf(draft), protocol: 'oidc', oidc: { ...oidcOf(draft), client_secret: draft.clientSecret } };
}

/** For one that is there. */
export function changeOf(draft: ConnectionDraft): ConnectionChange {
  if (draft.protocol === 'saml') return { ...rulesOf(draft), saml: samlOf(draft) };
  const secret = draft.clientSecret === '' ? {} : { client_secret: draft.clientSecret };
  return { ...rulesOf(draft), oidc: { ...oidcOf(draft), ...secret } };
}

function rulesOf({ name, domains, enforced, createMembers, defaultRole, groupsClaim, groupMappings }: ConnectionDraft) {
  return {
    name: name.trim(),
    domains: [...domains],
    enforced,
    create_members: createMembers,
    default_role: defaultRole,
    groups_claim: groupsClaim.trim(),
    group_mappings: groupMappings
      .map(({ group, team }) => ({ group: group.trim(), team: team.trim() }))
      .filter(({ group, team }) => group !== '' || team !== ''),
  };
}

function oidcOf({ issuer, clientId, scopes }: ConnectionDraft) {
  return { issuer: issuer.trim(), client_id: clientId.trim(), scopes: scopes.split(/\s+/).filter((one) => one !== '') };
}

function samlOf({ entryPoint, entityId, certificate }: ConnectionDraft) {
  return { entry_point: entryPoint.trim(), entity_id: entityId.trim(), certificate: certificate.trim() };
}
