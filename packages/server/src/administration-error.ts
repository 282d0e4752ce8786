export type AdministrationErrorCode =
  /** What was named does not exist, or does not belong to the organization or person it was looked up under. */
  | 'not-found'
  | 'already-exists'
  /** Somebody else changed the policy since it was read. */
  | 'policy-conflict'
  /** The change would leave an organization without an owner who can sign in, or the installation without an administrator. */
  | 'last-owner'
  | 'limit-reached'
  | 'invalid-input';

/** A change or look-up that cannot be done. The message is for the person who asked: it tells what to do next. */
export abstract class AdministrationError extends Error {
  abstract readonly code: AdministrationErrorCode;
}

export class NotFound extends AdministrationError {
  override readonly name = 'NotFound';
  readonly code = 'not-found';
  /** What there are others of, for whoever can list them. */
  readonly what: 'organization' | 'person' | 'access-token' | undefined;

  constructor(message: string, what?: NotFound['what']) {
    super(message);
    this.what = what;
  }
}

export class AlreadyExists extends AdministrationError {
  override readonly name = 'AlreadyExists';
  readonly code = 'already-exists';
}

export class PolicyConflict extends AdministrationError {
  override readonly name = 'PolicyConflict';
  readonly code = 'policy-conflict';
  /** The version in force, to start again from. */
  readonly currentVersion: number;

  constructor(organization: string, currentVersion: number) {
    super(
      `Somebody changed the policy of ${organization} meanwhile: it is at version ${currentVersion} now. Look at it and try again.`,
    );
    this.currentVersion = currentVersion;
  }
}

export class LastOwner extends AdministrationError {
  override readonly name = 'LastOwner';
  readonly code = 'last-owner';
}

export class LimitReached extends AdministrationError {
  override readonly name = 'LimitReached';
  readonly code = 'limit-reached';
}

export class InvalidInput extends AdministrationError {
  override readonly name = 'InvalidInput';
  readonly code = 'invalid-input';
  /** Which part of the input is wrong, as the function that was called names it. */
  readonly field: string;

  constructor(field: string, message: string) {
    super(message);
    this.field = field;
  }
}
