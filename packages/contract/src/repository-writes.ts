import type { Route } from './endpoint.ts';

/**
 * What Docker Hub can do and the gate cannot, since it stores no repositories. Answered 405 to whoever is signed in, so
 * that nobody takes it for a repository that does not exist.
 */
export const repositoryWrites: readonly Route[] = [
  { method: 'POST', path: '/v2/namespaces/{namespace}/repositories' },
  { method: 'PATCH', path: '/v2/namespaces/{namespace}/repositories/{repository}' },
  { method: 'DELETE', path: '/v2/namespaces/{namespace}/repositories/{repository}' },
  { method: 'PATCH', path: '/v2/namespaces/{namespace}/repositories/{repository}/immutabletags' },
  { method: 'POST', path: '/v2/namespaces/{namespace}/repositories/{repository}/immutabletags/verify' },
  { method: 'POST', path: '/v2/repositories' },
  { method: 'PATCH', path: '/v2/repositories/{namespace}/{repository}' },
  { method: 'DELETE', path: '/v2/repositories/{namespace}/{repository}' },
  { method: 'POST', path: '/v2/repositories/{namespace}/{repository}/privacy' },
  { method: 'DELETE', path: '/v2/repositories/{namespace}/{repository}/tags/{tag}' },
  { method: 'GET', path: '/v2/repositories/{namespace}/{repository}/groups' },
  { method: 'POST', path: '/v2/repositories/{namespace}/{repository}/groups' },
  { method: 'GET', path: '/v2/repositories/{namespace}/{repository}/groups/{group}' },
  { method: 'PATCH', path: '/v2/repositories/{namespace}/{repository}/groups/{group}' },
  { method: 'DELETE', path: '/v2/repositories/{namespace}/{repository}/groups/{group}' },
];

/** The text of that 405. */
export const repositoryWriteRefusal =
  'This gate stores no repositories: it only answers for those of the registry behind it. Create, change and delete repositories there.';
