/** Asks a registry whether a credential may push: whoever may decides already what the namespace holds. */
export interface PushProof {
  /**
   * Tries the credential once and keeps nothing of it.
   *
   * @param registry a configured upstream: `docker.io`
   * @param repository on it: `acme/web`
   * @throws ContentError when the registry is none of the gate's, or does not answer
   */
  mayPush(
    registry: string,
    repository: string,
    credential: { readonly username: string; readonly password: string },
  ): Promise<boolean>;
}
