export * from './category.ts';
export * from './decision.ts';
export * from './policy.ts';
export * from './principal.ts';
export * from './reference/digest.ts';
export * from './reference/repository.ts';
