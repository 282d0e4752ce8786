import fc from 'fast-check';
import { expect, test } from 'vitest';
import { clientFamilies, clientFamily } from '../../src/pulls/client-family.ts';

test.each([
  [
    'docker/28.5.2 go/go1.24.9 git-commit/89c5e8f kernel/6.1.0 os/linux arch/amd64 UpstreamClient(Docker-Client/28.5.2 \\(linux\\))',
    'docker',
  ],
  ['Docker-Client/28.5.2 (linux)', 'docker'],
  ['containerd/2.1.4', 'containerd'],
  ['containerd/1.7.28', 'containerd'],
  ['buildkit/v0.25', 'buildkit'],
  ['containers/5.36.1 (github.com/containers/image)', 'podman'],
  ['libpod/5.4.2', 'podman'],
  ['skopeo/1.18.0', 'skopeo'],
  ['Buildah/1.39.3', 'buildah'],
  ['crane/v0.20.3 go-containerregistry/v0.20.3', 'crane'],
  ['oras/1.3.0', 'oras'],
  ['oras-go', 'oras'],
  ['regclient/regctl (v0.9.2)', 'regctl'],
  ['nerdctl/2.1.3', 'nerdctl'],
  ['cri-o/1.33.0 go/go1.24 os/linux arch/amd64', 'cri-o'],
  ['curl/8.14.1', 'other'],
  ['dockerish/1.0', 'other'],
  ['', 'other'],
  ['__proto__/1', 'other'],
  [undefined, 'other'],
])('%s is %s', (userAgent, family) => {
  expect(clientFamily(userAgent)).toBe(family);
});

test('whatever is sent, the answer is one of a few', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => clientFamilies.includes(clientFamily(text))));
});
