import {
  configurationProfile,
  type DesktopFile,
  desktopPlist,
  type ProfileOptions,
  registryJson,
  windowsRegistry,
} from './desktop-files.ts';

/** A way to tell Docker Desktop, as Docker documents it. */
export interface DesktopMethod {
  readonly title: string;
  readonly about: string;
  readonly file: DesktopFile;
  /** Where the file goes, or what puts it there. */
  readonly places: readonly { readonly label: string; readonly text: string }[];
  readonly steps: readonly string[];
}

const restart = 'Restart Docker Desktop. It shows “Sign in required!”.';

/** In the order in which Docker Desktop looks: the first one that is there counts. */
export function desktopMethods(organizations: readonly string[], profile: ProfileOptions): readonly DesktopMethod[] {
  const registry = windowsRegistry(organizations);
  const mobile = configurationProfile(organizations, profile);
  return [
    {
      title: 'Windows: registry key',
      about: 'A policy of the machine, which people without administrator rights cannot change.',
      file: registry,
      places: [
        { label: 'On one machine, as administrator', text: `reg import ${registry.fileName}` },
        { label: 'The key that it sets', text: 'HKEY_LOCAL_MACHINE\\SOFTWARE\\Policies\\Docker\\Docker Desktop' },
      ],
      steps: [
        'On many machines by Group Policy: Computer Configuration > Preferences > Windows Settings > Registry, a new item with the action Update, this key, and the multi-string value allowedOrgs with one organization in each line.',
        restart,
      ],
    },
    {
      title: 'Mac: configuration profile',
      about: 'Recommended on Macs: the system protects it.',
      file: mobile,
      places: [{ label: 'Where it is seen afterwards', text: 'System Settings > General > Device Management' }],
      steps: ['Give the profile to your device management, which installs it on the Macs.', restart],
    },
    {
      title: 'Mac: plist file',
      about: 'For Macs without device management.',
      file: desktopPlist(organizations),
      places: [
        { label: 'Where it goes', text: '/Library/Application Support/com.docker.docker/desktop.plist' },
        {
          label: 'So that only administrators change it',
          text: [
            'sudo chmod 644 "/Library/Application Support/com.docker.docker/desktop.plist"',
            'sudo chown root:admin "/Library/Application Support/com.docker.docker/desktop.plist"',
          ].join('\n'),
        },
      ],
      steps: [restart],
    },
    {
      title: 'All systems: registry.json',
      about: 'One file for Windows, Mac and Linux. Keep it as it is: UTF-8 without a byte order mark.',
      file: registryJson(organizations),
      places: [
        { label: 'Windows', text: 'C:\\ProgramData\\DockerDesktop\\registry.json' },
        { label: 'Mac', text: '/Library/Application Support/com.docker.docker/registry.json' },
        { label: 'Linux', text: '/usr/share/docker-desktop/registry/registry.json' },
      ],
      steps: ['Let only administrators change the file.', restart],
    },
  ];
}
