import { X509Certificate } from 'node:crypto';
import { InvalidInput } from '../administration-error.ts';
import type { SamlSettings } from './single-sign-on.ts';

/** @throws InvalidInput */
export function checkSaml(settings: SamlSettings): SamlSettings {
  const { certificate, entryPoint, entityId } = settings;
  if (!/^https?:\/\//.test(entryPoint) || !URL.canParse(entryPoint)) {
    throw new InvalidInput('entry_point', 'The entry point is an address, such as https://login.acme.example/saml.');
  }
  if (entityId.trim() === '') throw new InvalidInput('entity_id', 'Enter the entity ID of the identity provider.');
  try {
    return { entryPoint, entityId, certificate: new X509Certificate(certificate).toString() };
  } catch {
    throw new InvalidInput(
      'certificate',
      'That is no certificate in PEM form. Copy it whole, with its BEGIN and END lines.',
    );
  }
}
