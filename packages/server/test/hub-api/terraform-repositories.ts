import { goBool, goInt, goPointer, goSlice, goString, goStruct } from './go-json.ts';
import type { Provider } from './terraform-provider.ts';

// What the provider's resources and data sources of repositories send and read.

const repository = goStruct({
  name: goString,
  namespace: goString,
  description: goString,
  full_description: goString,
  is_private: goBool,
  pull_count: goInt,
  star_count: goInt,
  status: goInt,
  last_updated: goString,
  affiliation: goString,
  immutable_tags_settings: goStruct({ enabled: goBool, rules: goSlice(goString) }),
});

const tag = goStruct({
  id: goInt,
  name: goString,
  repository: goInt,
  creator: goInt,
  last_updater: goInt,
  last_updater_username: goString,
  last_updated: goString,
  full_size: goInt,
  v2: goBool,
  tag_status: goString,
  tag_last_pulled: goString,
  tag_last_pushed: goString,
  media_type: goString,
  content_type: goString,
  digest: goString,
  images: goSlice(
    goStruct({
      architecture: goString,
      features: goString,
      variant: goPointer(goString),
      digest: goString,
      os: goString,
      os_features: goString,
      os_version: goPointer(goString),
      size: goInt,
      status: goString,
      last_pulled: goString,
      last_pushed: goString,
    }),
  ),
});

export function hubRepository({ call }: Provider) {
  return {
    create: (namespace: string, name: string) =>
      call('POST', `/namespaces/${namespace}/repositories`, {
        body: { name, description: '', full_description: '', registry: '', is_private: false },
        decode: repository,
      }),
    read: (namespace: string, name: string) =>
      call('GET', `/repositories/${namespace}/${name}/`, { decode: repository }),
    update: (namespace: string, name: string) =>
      call('PATCH', `/repositories/${namespace}/${name}/`, {
        body: { description: 'new', full_description: '', immutable_tags: false, immutable_tags_rules: '' },
        decode: repository,
      }),
    makePrivate: (namespace: string, name: string) =>
      call('POST', `/repositories/${namespace}/${name}/privacy`, { body: { is_private: true } }),
    delete: (namespace: string, name: string) => call('DELETE', `/repositories/${namespace}/${name}/`),
  };
}

export function hubRepositoryTeamPermission({ call }: Provider) {
  const permission = goStruct({ group_id: goInt, group_name: goString, permission: goString });
  const all = (name: string) => `/repositories/${name}/groups/`;
  const decode = permission;
  return {
    create: (name: string, group_id: number) =>
      call('POST', all(name), { body: { group_id, group_name: '', permission: 'read' }, decode }),
    read: (name: string, id: number) => call('GET', `${all(name)}${id}/`, { decode }),
    update: (name: string, id: number) =>
      call('PATCH', `${all(name)}${id}/`, { body: { group_id: 0, group_name: '', permission: 'write' }, decode }),
    delete: (name: string, id: number) => call('DELETE', `${all(name)}${id}/`),
  };
}

export function repositoryDataSources({ call, list }: Provider) {
  return {
    repository: (namespace: string, name: string) =>
      call('GET', `/repositories/${namespace}/${name}/`, { decode: repository }),
    repositories: (namespace: string) => list(`/repositories/${namespace}/`, repository),
    tags: (namespace: string, name: string) => list(`/namespaces/${namespace}/repositories/${name}/tags`, tag),
  };
}
