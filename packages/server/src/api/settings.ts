import type { RegistryAccessBody, SettingsBody } from '@pullgate/contract';
import type { Administration } from '../administration.ts';
import type { RegistryAccessSettings, RestrictedImages } from '../organizations/settings.ts';
import type { Handlers } from './call.ts';

/** Docker's own shapes of the policy: three switches, and the registries. */
export function settingsHandlers({ administration: { settings } }: { readonly administration: Administration }) {
  return {
    async getSettings({ organization }) {
      return settingsBody(await settings.restrictedImages(organization.name));
    },

    async setSettings({ organization, body: { restricted_images: given }, actor }) {
      const wanted = {
        enabled: given.enabled,
        allowOfficialImages: given.allow_official_images,
        allowVerifiedPublishers: given.allow_verified_publishers,
      };
      await settings.setRestrictedImages(organization.name, wanted, await actor());
      return settingsBody(wanted);
    },

    async getRegistryAccess({ organization }) {
      return registryAccessBody(await settings.registryAccess(organization.name));
    },

    async setRegistryAccess({ organization, body, actor }) {
      const { enabled, standard_registries: standard, custom_registries: custom } = body;
      const wanted = {
        enabled,
        // A registry that is not named is not allowed.
        dockerHub: standard.some(({ allowed }) => allowed),
        customRegistries: custom.map(({ address, friendly_name, allowed }) => ({
          address,
          friendlyName: friendly_name,
          allowed,
        })),
      };
      return registryAccessBody(await settings.setRegistryAccess(organization.name, wanted, await actor()));
    },
  } satisfies Partial<Handlers>;
}

function settingsBody({ enabled, allowOfficialImages, allowVerifiedPublishers }: RestrictedImages): SettingsBody {
  return {
    restricted_images: {
      enabled,
      allow_official_images: allowOfficialImages,
      allow_verified_publishers: allowVerifiedPublishers,
    },
  };
}

function registryAccessBody({ enabled, dockerHub, customRegistries }: RegistryAccessSettings): RegistryAccessBody {
  return {
    enabled,
    standard_registries: [{ id: 'DockerHub', allowed: dockerHub }],
    custom_registries: customRegistries.map(({ address, friendlyName, allowed }) => ({
      address,
      friendly_name: friendlyName,
      allowed,
    })),
  };
}
