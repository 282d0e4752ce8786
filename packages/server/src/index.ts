export type { Administration } from './administration.ts';
export { AdministrationError } from './administration-error.ts';
export type { Configuration } from './configuration/configuration.ts';
export { ConfigurationError } from './configuration/configuration-error.ts';
export { loadConfiguration } from './configuration/load.ts';
export { type Gate, type Installation, openInstallation, startGate } from './main.ts';
export type { PullRecord } from './pulls/pull-record.ts';
