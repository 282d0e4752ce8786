import { formatTime } from '@pullgate/contract';

/** What people and organizations alike tell of themselves. */
interface Profile {
  /** 32 hex digits. */
  readonly id: string;
  readonly location: string;
  readonly company: string;
  readonly createdAt: number;
}

/** Docker Hub's profile. Pictures and addresses of pages are not kept here. */
export function profileBody({ id, location, company, createdAt }: Profile, fullName: string) {
  return {
    id,
    uuid: withDashes(id),
    full_name: fullName,
    location,
    company,
    profile_url: '',
    gravatar_email: '',
    gravatar_url: '',
    date_joined: formatTime(createdAt),
  };
}

/** 32 hex digits as a UUID is written. */
export function withDashes(id: string): string {
  return id.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

/** `Owner`: roles are in lower case in requests and capitalized in answers. */
export function shownRole<Role extends string>(role: Role): Capitalize<Role> {
  return (role.charAt(0).toUpperCase() + role.slice(1)) as Capitalize<Role>;
}

export function timeOrNull(at: number | null): string | null {
  return at === null ? null : formatTime(at);
}
