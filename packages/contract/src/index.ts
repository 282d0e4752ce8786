export {
  type Answer,
  type Arguments,
  type Endpoint,
  endpoint,
  type Method,
  type Parsed,
  type Success,
} from './endpoint.ts';
export type { OrganizationTokenScope, Permission } from './permission.ts';
