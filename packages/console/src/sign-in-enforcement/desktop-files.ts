/** A file with which Docker Desktop lets only members of some organizations sign in. */
export interface DesktopFile {
  readonly fileName: string;
  readonly mediaType: string;
  /** To be written as UTF-8 without a byte order mark. */
  readonly text: string;
}

/** For all systems. */
export function registryJson(organizations: readonly string[]): DesktopFile {
  const text = `${JSON.stringify({ allowedOrgs: organizations }, undefined, 2)}\n`;
  return { fileName: 'registry.json', mediaType: 'application/json', text };
}

/** For Windows: a multi-string value among the policies of the machine. */
export function windowsRegistry(organizations: readonly string[]): DesktopFile {
  const text = [
    'Windows Registry Editor Version 5.00',
    '',
    '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Docker\\Docker Desktop]',
    `"allowedOrgs"=hex(7):${multiString(organizations)}`,
    '',
  ].join('\r\n');
  return { fileName: 'docker-desktop-sign-in.reg', mediaType: 'text/plain', text };
}

/** REG_MULTI_SZ: each string in UTF-16LE with a zero behind it, and one more zero behind the last. */
function multiString(strings: readonly string[]): string {
  const units = Array.from(`${strings.map((one) => `${one}\0`).join('')}\0`, (letter) => letter.charCodeAt(0));
  return units.flatMap((unit) => [unit & 0xff, unit >> 8].map((byte) => byte.toString(16).padStart(2, '0'))).join(',');
}

/** For macOS without device management. */
export function desktopPlist(organizations: readonly string[]): DesktopFile {
  const items = organizations.map((one) => `    <string>${escaped(one)}</string>`);
  const text = plist(['<dict>', '  <key>allowedOrgs</key>', '  <array>', ...items, '  </array>', '</dict>']);
  return { fileName: 'desktop.plist', mediaType: 'application/xml', text };
}

export interface ProfileOptions {
  /** Whose profile it is, as the system's settings show it: `Acme Ltd`. */
  readonly organization: string;
  /** Reverse host name, by which a later profile takes the place of this one: `example.acme.gate.docker.config`. */
  readonly identifier: string;
  readonly profileUuid: string;
  readonly payloadUuid: string;
}

/** For macOS with device management. Here the names are one string, with semicolons between them. */
export function configurationProfile(organizations: readonly string[], options: ProfileOptions): DesktopFile {
  const { organization, identifier, profileUuid, payloadUuid } = options;
  const payload = [
    ...entry('PayloadType', 'com.docker.config'),
    ...entry('PayloadVersion', 1),
    ...entry('PayloadIdentifier', 'com.docker.config'),
    ...entry('PayloadUUID', payloadUuid),
    ...entry('PayloadDisplayName', 'Docker Desktop'),
    ...entry('PayloadDescription', 'Docker Desktop asks for a sign-in as a member of these organizations.'),
    ...entry('PayloadOrganization', organization),
    ...entry('allowedOrgs', organizations.join(';')),
  ];
  const profile = [
    ...entry('PayloadType', 'Configuration'),
    ...entry('PayloadVersion', 1),
    ...entry('PayloadScope', 'System'),
    ...entry('PayloadIdentifier', identifier),
    ...entry('PayloadUUID', profileUuid),
    ...entry('PayloadDisplayName', 'Docker Desktop sign-in'),
    ...entry('PayloadDescription', 'Enforces sign-in to Docker Desktop.'),
    ...entry('PayloadOrganization', organization),
  ];
  const text = plist([
    '<dict>',
    '  <key>PayloadContent</key>',
    '  <array>',
    '    <dict>',
    ...payload.map((line) => `      ${line}`),
    '    </dict>',
    '  </array>',
    ...profile.map((line) => `  ${line}`),
    '</dict>',
  ]);
  return { fileName: 'docker-desktop-sign-in.mobileconfig', mediaType: 'application/x-apple-aspen-config', text };
}

/** A profile's identifier, made of the gate's host: Apple asks for a reverse host name of one's own. */
export function identifierOf(host: string): string {
  const labels = host
    .toLowerCase()
    .split('.')
    .map((label) => label.replace(/[^a-z0-9-]/g, '-'));
  return [...labels.reverse(), 'docker', 'config'].join('.');
}

function entry(key: string, value: string | number): readonly string[] {
  const typed = typeof value === 'number' ? `<integer>${value}</integer>` : `<string>${escaped(value)}</string>`;
  return [`<key>${key}</key>`, typed];
}

function plist(lines: readonly string[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">',
    '<plist version="1.0">',
    ...lines,
    '</plist>',
    '',
  ].join('\n');
}

// XML 1.0 section 2.2 has no way to write control characters other than these, not even escaped.
const notInXml = /(?![\t\n\r])\p{Cc}|[\ufffe\uffff]/gu;

function escaped(text: string): string {
  return text.replace(notInXml, '').replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
