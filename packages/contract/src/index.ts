export type * from './activity.ts';
export { ApiError } from './api-error.ts';
export type * from './audit-logs.ts';
export type * from './catalog.ts';
export { addressOf, type CallOptions, type Client, type ClientEndpoint, type ClientOptions } from './client.ts';
export { clientEndpoints, createClient } from './create-client.ts';
export type * from './domains.ts';
export {
  type Answer,
  type Arguments,
  type Endpoint,
  endpoint,
  type Method,
  type Parsed,
  type Route,
  routesOf,
  type Success,
} from './endpoint.ts';
export { type EndpointName, type EndpointNamed, endpoints, endpointsByName } from './endpoints.ts';
export {
  type ErrorBody,
  errorBody,
  errorStatuses,
  type LoginErrorBody,
  loginErrorBody,
  type ScimErrorBody,
  scimErrorBody,
  sentences,
} from './errors.ts';
export type * from './groups.ts';
export type * from './image-access.ts';
export type * from './image-access-versions.ts';
export type * from './invites.ts';
export { itemsOf } from './items.ts';
export type { JsonObject } from './json-schema.ts';
export type * from './member-tokens.ts';
export type * from './members.ts';
export type * from './namespaces.ts';
export { openApiDocument } from './openapi.ts';
export type * from './organization-tokens.ts';
export type * from './organizations.ts';
export type * from './people.ts';
export type { OrganizationTokenScope, Permission } from './permission.ts';
export { describePermission } from './permission-text.ts';
export type * from './personal-tokens.ts';
export type * from './pulls.ts';
export type * from './registry-access.ts';
export type * from './repositories.ts';
export { repositoryWriteRefusal, repositoryWrites } from './repository-writes.ts';
export { dockerExtension, type ScimGroupBody, type ScimUserBody } from './scim.ts';
export type * from './sessions.ts';
export type * from './set-up.ts';
export type * from './settings.ts';
export type * from './sign-in-enforcement.ts';
export type * from './single-sign-on.ts';
export { formatTime, type WrittenTime } from './time.ts';
