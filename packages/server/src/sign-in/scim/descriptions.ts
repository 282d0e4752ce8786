import { dockerExtension } from '@pullgate/contract';

const userSchema = 'urn:ietf:params:scim:schemas:core:2.0:User';
const groupSchema = 'urn:ietf:params:scim:schemas:core:2.0:Group';
export const schemas = { user: userSchema, group: groupSchema, docker: dockerExtension } as const;

export const maxResults = 200;

/** RFC 7643 section 5. */
export function serviceProviderConfig(baseUrl: string) {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults },
    changePassword: { supported: false },
    sort: { supported: true },
    etag: { supported: false },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'OAuth Bearer Token',
        description: 'The SCIM token of a single sign-on connection.',
        specUri: 'https://www.rfc-editor.org/info/rfc6750',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${baseUrl}/ServiceProviderConfig` },
  };
}

/** RFC 7643 section 6. */
export function resourceTypes(baseUrl: string) {
  return [
    {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
      id: 'User',
      name: 'User',
      endpoint: '/Users',
      description: 'A person of the organization.',
      schema: userSchema,
      schemaExtensions: [{ schema: dockerExtension, required: false }],
      meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/User` },
    },
    {
      schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
      id: 'Group',
      name: 'Group',
      endpoint: '/Groups',
      description: 'A team of the organization.',
      schema: groupSchema,
      schemaExtensions: [],
      meta: { resourceType: 'ResourceType', location: `${baseUrl}/ResourceTypes/Group` },
    },
  ];
}

interface AttributeOptions {
  readonly type?: 'string' | 'boolean' | 'complex';
  readonly required?: true;
  readonly multiValued?: true;
  readonly readOnly?: true;
  readonly unique?: true;
  readonly subAttributes?: readonly object[];
}

/** RFC 7643 section 7. */
function attribute(name: string, description: string, options: AttributeOptions = {}) {
  const { type = 'string', subAttributes } = options;
  return {
    name,
    type,
    description,
    multiValued: options.multiValued ?? false,
    required: options.required ?? false,
    caseExact: false,
    mutability: options.readOnly ? 'readOnly' : 'readWrite',
    returned: 'default',
    uniqueness: options.unique ? 'server' : 'none',
    ...(subAttributes && { subAttributes }),
  };
}

export function schemaDescriptions(baseUrl: string) {
  const describe = (id: string, name: string, description: string, attributes: readonly object[]) => ({
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    id,
    name,
    description,
    attributes,
    meta: { resourceType: 'Schema', location: `${baseUrl}/Schemas/${id}` },
  });
  const text = (name: string, description: string) => attribute(name, description);
  return [
    describe(userSchema, 'User', 'A person of the organization.', [
      attribute('userName', 'The e-mail address.', { required: true, unique: true }),
      attribute('name', 'How the person is called.', {
        type: 'complex',
        subAttributes: [text('givenName', 'Given name.'), text('familyName', 'Family name.')],
      }),
      attribute('displayName', 'The user name here.', { readOnly: true }),
      attribute('active', 'Whether the person may sign in.', { type: 'boolean' }),
      attribute('emails', 'The e-mail address.', {
        type: 'complex',
        multiValued: true,
        subAttributes: [text('value', 'The address.'), attribute('primary', 'Always.', { type: 'boolean' })],
      }),
      attribute('groups', 'Teams of the person.', {
        type: 'complex',
        multiValued: true,
        readOnly: true,
        subAttributes: [text('value', 'Id of the team.'), text('display', 'Name of the team.')],
      }),
    ]),
    describe(groupSchema, 'Group', 'A team of the organization.', [
      attribute('displayName', 'The name of the team.', { required: true, unique: true }),
      attribute('members', 'Its members.', {
        type: 'complex',
        multiValued: true,
        subAttributes: [text('value', 'Id of the person.'), text('display', 'User name.')],
      }),
    ]),
    describe(dockerExtension, 'Docker', 'Where a new person is put.', [
      text('dockerRole', 'member, editor or owner.'),
      text('dockerOrg', 'The organization.'),
      text('dockerTeam', 'The team; made when it is missing.'),
    ]),
  ];
}
