/** Made from the contract's table when the console is built: see vite.config.ts. */
declare module 'virtual:contract-endpoints' {
  export const endpoints: readonly import('@pullgate/contract/client').ClientEndpoint[];
}
