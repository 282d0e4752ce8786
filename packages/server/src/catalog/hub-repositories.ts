import type { RepositoryBody, TagBody, WholeRepositoryBody } from '@pullgate/contract';
import type { Audience } from '../content/content.ts';

/** Part of a list on Docker Hub. */
export interface HubPage<Item> {
  readonly items: readonly Item[];
  /** Of the whole list. */
  readonly total: number;
}

export interface HubPageQuery {
  /** From 1. */
  readonly page: number;
  readonly page_size: number;
  readonly name?: string;
  readonly ordering?: string;
  readonly architecture?: string;
  readonly os?: string;
}

/**
 * What Docker Hub tells of repositories, asked with the credential that an organization has there, if it has one. Every
 * method throws `ContentError` and nothing else for what went wrong.
 */
export interface HubRepositories {
  list(audience: Audience, namespace: string, query: HubPageQuery): Promise<HubPage<RepositoryBody>>;
  find(audience: Audience, namespace: string, repository: string): Promise<WholeRepositoryBody>;
  tags(audience: Audience, namespace: string, repository: string, query: HubPageQuery): Promise<HubPage<TagBody>>;
  tag(audience: Audience, namespace: string, repository: string, tag: string): Promise<TagBody>;
}
