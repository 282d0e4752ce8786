import { constantFrom, assert as forAll, property, string, uniqueArray } from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  configurationProfile,
  desktopPlist,
  identifierOf,
  registryJson,
  windowsRegistry,
} from '../../src/sign-in-enforcement/desktop-files.ts';
import { desktopMethods } from '../../src/sign-in-enforcement/desktop-methods.ts';
import { readDesktopOrganizations } from '../../src/sign-in-enforcement/desktop-organizations.ts';
import { randomUuid } from '../../src/sign-in-enforcement/uuid.ts';

const profile = {
  organization: 'Acme Ltd',
  identifier: 'example.acme.gate.docker.config',
  profileUuid: '0DEEDB64-7DC9-46E5-B6BF-69D64A9561CE',
  payloadUuid: 'EED295B0-A650-40B0-9DDA-90EFB12BE3C7',
};

const organizationNames = uniqueArray(
  string({ unit: constantFrom(...'abcxyz0189-_'), minLength: 1, maxLength: 30 }).filter((name) =>
    /^[a-z0-9]/.test(name),
  ),
  { minLength: 1, maxLength: 10 },
);

test('registry.json is what Docker Desktop reads on every system', () => {
  expect(JSON.parse(registryJson(['acme', 'globex']).text)).toEqual({ allowedOrgs: ['acme', 'globex'] });
});

describe('the Windows registry file', () => {
  test('sets the policy of the machine', () => {
    expect(windowsRegistry(['ab']).text).toBe(
      [
        'Windows Registry Editor Version 5.00',
        '',
        '[HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Docker\\Docker Desktop]',
        '"allowedOrgs"=hex(7):61,00,62,00,00,00,00,00',
        '',
      ].join('\r\n'),
    );
  });

  test('holds each organization as one string of a multi-string value', () => {
    forAll(
      property(organizationNames, (organizations) => {
        const hex = /^"allowedOrgs"=hex\(7\):(.*)$/m.exec(windowsRegistry(organizations).text)?.[1] ?? '';
        const bytes = Buffer.from(hex.trim().replaceAll(',', ''), 'hex');
        expect(bytes.toString('utf16le')).toBe(`${organizations.join('\0')}\0\0`);
      }),
    );
  });
});

test('the plist for Macs has an array of organizations', () => {
  expect(desktopPlist(['acme', 'globex']).text).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>allowedOrgs</key>
  <array>
    <string>acme</string>
    <string>globex</string>
  </array>
</dict>
</plist>
`);
});

describe('the configuration profile', () => {
  test('has one payload for Docker Desktop, with the organizations as one string', () => {
    expect(configurationProfile(['acme', 'globex'], profile).text).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>PayloadContent</key>
  <array>
    <dict>
      <key>PayloadType</key>
      <string>com.docker.config</string>
      <key>PayloadVersion</key>
      <integer>1</integer>
      <key>PayloadIdentifier</key>
      <string>com.docker.config</string>
      <key>PayloadUUID</key>
      <string>EED295B0-A650-40B0-9DDA-90EFB12BE3C7</string>
      <key>PayloadDisplayName</key>
      <string>Docker Desktop</string>
      <key>PayloadDescription</key>
      <string>Docker Desktop asks for a sign-in as a member of these organizations.</string>
      <key>PayloadOrganization</key>
      <string>Acme Ltd</string>
      <key>allowedOrgs</key>
      <string>acme;globex</string>
    </dict>
  </array>
  <key>PayloadType</key>
  <string>Configuration</string>
  <key>PayloadVersion</key>
  <integer>1</integer>
  <key>PayloadScope</key>
  <string>System</string>
  <key>PayloadIdentifier</key>
  <string>example.acme.gate.docker.config</string>
  <key>PayloadUUID</key>
  <string>0DEEDB64-7DC9-46E5-B6BF-69D64A9561CE</string>
  <key>PayloadDisplayName</key>
  <string>Docker Desktop sign-in</string>
  <key>PayloadDescription</key>
  <string>Enforces sign-in to Docker Desktop.</string>
  <key>PayloadOrganization</key>
  <string>Acme Ltd</string>
</dict>
</plist>
`);
  });

  test.each([
    ['markup', 'Acme <&> Co', '<string>Acme &lt;&amp;&gt; Co</string>'],
    ['what XML cannot hold at all', 'Ac\u0000me\u000b', '<string>Acme</string>'],
    ['letters of any language', 'Ærø 東京', '<string>Ærø 東京</string>'],
  ])('keeps whole with %s in the organization’s name', (_what, organization, expected) => {
    expect(configurationProfile(['acme'], { ...profile, organization }).text).toContain(expected);
  });

  test.each([
    ['gate.acme.example', 'example.acme.gate.docker.config'],
    ['Gate.Acme.Example', 'example.acme.gate.docker.config'],
    ['localhost', 'localhost.docker.config'],
    ['[fc00::1]', '-fc00--1-.docker.config'],
  ])('of the gate %s is identified by %s', (host, identifier) => {
    expect(identifierOf(host)).toBe(identifier);
  });

  test('has a random UUID of version 4', () => {
    expect(randomUuid()).toMatch(/^[0-9A-F]{8}-[0-9A-F]{4}-4[0-9A-F]{3}-[89AB][0-9A-F]{3}-[0-9A-F]{12}$/);
    expect(randomUuid()).not.toBe(randomUuid());
  });
});

test('methods stand in the order in which Docker Desktop looks, each with a file of its own', () => {
  const names = desktopMethods(['acme'], profile).map(({ file }) => file.fileName);
  expect(names).toEqual([
    'docker-desktop-sign-in.reg',
    'docker-desktop-sign-in.mobileconfig',
    'desktop.plist',
    'registry.json',
  ]);
});

describe('names of organizations as they are typed', () => {
  test.each([
    ['one', 'acme', ['acme']],
    [
      'several, however they are separated',
      'acme, globex;umbrella\n northwind',
      ['acme', 'globex', 'umbrella', 'northwind'],
    ],
    ['capitals, which Docker Desktop would not match', 'Acme', ['acme']],
    ['one that is named twice', 'acme ACME', ['acme']],
  ])('%s', (_what, text, organizations) => {
    expect(readDesktopOrganizations(text)).toEqual({ organizations });
  });

  test.each([
    ['nothing', ' , ', /at least/],
    ['markup', 'acme</string>', /no name of an organization/],
    ['a quote', 'ac"me', /no name of an organization/],
    ['too many', Array.from({ length: 51 }, (_, index) => `acme${index}`).join(' '), /At most 50/],
  ])('%s is refused', (_what, text, problem) => {
    expect(readDesktopOrganizations(text)).toEqual({ problem: expect.stringMatching(problem) });
  });
});
