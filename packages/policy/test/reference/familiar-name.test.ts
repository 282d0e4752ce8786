import { describe, expect, test } from 'vitest';
import { InvalidReference, type InvalidReferenceCode, parseFamiliarName } from '../../src/index.ts';

const sha256 = `sha256:${'f'.repeat(64)}`;
const sha512 = `sha512:${'f'.repeat(128)}`;
const hex64 = '1a3f5e7d9c1b3a5f7e9d1c3b5a7f9e1d3c5b7a9f1e3d5d7c9b1a3f5e7d9c1b3a';

function codeOf(text: string): InvalidReferenceCode | 'accepted' {
  try {
    parseFamiliarName(text);
    return 'accepted';
  } catch (error) {
    if (error instanceof InvalidReference) return error.code;
    throw error;
  }
}

describe('the domain and path of a name', () => {
  test.each([
    // Docker Hub, in short and in full
    ['nginx', 'docker.io', 'library/nginx'],
    ['library/nginx', 'docker.io', 'library/nginx'],
    ['docker.io/nginx', 'docker.io', 'library/nginx'],
    ['docker.io/library/nginx', 'docker.io', 'library/nginx'],
    ['index.docker.io/nginx', 'docker.io', 'library/nginx'],
    ['index.docker.io/library/nginx', 'docker.io', 'library/nginx'],
    ['foo/bar', 'docker.io', 'foo/bar'],
    ['docker.io/foo/bar', 'docker.io', 'foo/bar'],
    ['index.docker.io/foo/bar', 'docker.io', 'foo/bar'],
    ['nonlibrary/ubuntu', 'docker.io', 'nonlibrary/ubuntu'],
    ['other/library', 'docker.io', 'other/library'],
    ['library/foo/bar', 'docker.io', 'library/foo/bar'],
    ['docker.io/library/foo/bar', 'docker.io', 'library/foo/bar'],
    ['store/foo/bar', 'docker.io', 'store/foo/bar'],
    ['ubuntu-12.04-base', 'docker.io', 'library/ubuntu-12.04-base'],
    // one part is never a host
    ['localhost', 'docker.io', 'library/localhost'],
    ['example.com', 'docker.io', 'library/example.com'],
    ['192.168.0.1', 'docker.io', 'library/192.168.0.1'],
    // the first of several parts is a host with a dot, a port, an upper-case letter, or the name localhost
    ['localhost/foo', 'localhost', 'foo'],
    ['localhost:8080/bar', 'localhost:8080', 'bar'],
    ['localhosts/foo', 'docker.io', 'localhosts/foo'],
    ['example.com/private/moonbase', 'example.com', 'private/moonbase'],
    ['example.com/privatebase', 'example.com', 'privatebase'],
    ['example.com:8000/privatebase', 'example.com:8000', 'privatebase'],
    ['127.0.0.1:8000/private/moonbase', '127.0.0.1:8000', 'private/moonbase'],
    ['192.168.0.1:8/debian', '192.168.0.1:8', 'debian'],
    ['192.168.0.2:25000/debian', '192.168.0.2:25000', 'debian'],
    ['test:5000/repo', 'test:5000', 'repo'],
    ['test-com:8080/foo', 'test-com:8080', 'foo'],
    ['test_com/foo', 'docker.io', 'test_com/foo'],
    ['xn--n3h.com/foo', 'xn--n3h.com', 'foo'],
    ['xn--n3h.com:18080/foo', 'xn--n3h.com:18080', 'foo'],
    ['sub-dom1.foo.com/bar/baz/quux', 'sub-dom1.foo.com', 'bar/baz/quux'],
    ['b.gcr.io/test.example.com/my-app', 'b.gcr.io', 'test.example.com/my-app'],
    ['Foo/bar', 'Foo', 'bar'],
    ['FOO/bar', 'FOO', 'bar'],
    ['fOO/bar', 'fOO', 'bar'],
    ['DOCKER/docker', 'DOCKER', 'docker'],
    ['Asdf.com/foo/bar', 'Asdf.com', 'foo/bar'],
    ['0101.com/x', '0101.com', 'x'],
    ['a-b.c-d/x', 'a-b.c-d', 'x'],
    ['a--b.com/x', 'a--b.com', 'x'],
    // what clients do not fold: that is the canonical form's task
    ['docker.io:443/nginx', 'docker.io:443', 'nginx'],
    ['registry-1.docker.io/nginx', 'registry-1.docker.io', 'nginx'],
    ['DOCKER.IO/nginx', 'DOCKER.IO', 'nginx'],
    // IPv6 in brackets
    ['[fc00::1]/x', '[fc00::1]', 'x'],
    ['[fc00::1]:5000/docker/docker', '[fc00::1]:5000', 'docker/docker'],
    ['[fc00:1:2:3:4:5:6:7]:5000/library/debian', '[fc00:1:2:3:4:5:6:7]:5000', 'library/debian'],
    ['[::1]:5000/repo', '[::1]:5000', 'repo'],
    ['[FC00::A]:5000/repo', '[FC00::A]:5000', 'repo'],
    // separators within a part
    ['docker---rules/docker', 'docker.io', 'docker---rules/docker'],
    ['dock__er/docker', 'docker.io', 'dock__er/docker'],
    ['foo_bar/a.b-c', 'docker.io', 'foo_bar/a.b-c'],
    ['d/t', 'docker.io', 'd/t'],
    [
      'registry.io/foo/project--id.module--name.ver---sion--name',
      'registry.io',
      'foo/project--id.module--name.ver---sion--name',
    ],
    // 64 characters that are no hexadecimal digits, or that have a host before them
    [
      'thisisthesongthatneverendsitgoesonandonandonthisisthesongthatnev',
      'docker.io',
      'library/thisisthesongthatneverendsitgoesonandonandonthisisthesongthatnev',
    ],
    [`docker.io/${hex64}`, 'docker.io', `library/${hex64}`],
    [hex64.slice(1), 'docker.io', `library/${hex64.slice(1)}`],
    [`${hex64}a`, 'docker.io', `library/${hex64}a`],
  ])('%s is %s and %s', (text, domain, path) => {
    expect(parseFamiliarName(text)).toStrictEqual({ domain, path });
  });

  test('a path may have 255 characters, and a tag does not count', () => {
    const longest = `${'a/'.repeat(127)}a`;
    expect(parseFamiliarName(`${longest}:tag-puts-this-over-max`)).toEqual({
      domain: 'docker.io',
      path: longest,
      tag: 'tag-puts-this-over-max',
    });
  });
});

describe('tags and digests', () => {
  test.each([
    ['test.com:tag', { domain: 'docker.io', path: 'library/test.com', tag: 'tag' }],
    ['192.168.0.1:80', { domain: 'docker.io', path: 'library/192.168.0.1', tag: '80' }],
    ['foo_bar.com:8080', { domain: 'docker.io', path: 'library/foo_bar.com', tag: '8080' }],
    ['foo/foo_bar.com:8080', { domain: 'docker.io', path: 'foo/foo_bar.com', tag: '8080' }],
    ['docker.io/nginx:1.27', { domain: 'docker.io', path: 'library/nginx', tag: '1.27' }],
    ['lowercase:Uppercase', { domain: 'docker.io', path: 'library/lowercase', tag: 'Uppercase' }],
    ['nginx:_x.-', { domain: 'docker.io', path: 'library/nginx', tag: '_x.-' }],
    [`nginx:${'t'.repeat(128)}`, { domain: 'docker.io', path: 'library/nginx', tag: 't'.repeat(128) }],
    [`${hex64}:1`, { domain: 'docker.io', path: `library/${hex64}`, tag: '1' }],
    ['test:5000/repo:tag', { domain: 'test:5000', path: 'repo', tag: 'tag' }],
    ['192.168.1.1:5000/repo:5050', { domain: '192.168.1.1:5000', path: 'repo', tag: '5050' }],
    ['xn--n3h.com/myimage:xn--n3h.com', { domain: 'xn--n3h.com', path: 'myimage', tag: 'xn--n3h.com' }],
    ['[2001:db8::1]:5000/repo:tag', { domain: '[2001:db8::1]:5000', path: 'repo', tag: 'tag' }],
    [`nginx@${sha256}`, { domain: 'docker.io', path: 'library/nginx', digest: sha256 }],
    [`localhost@${sha256}`, { domain: 'docker.io', path: 'library/localhost', digest: sha256 }],
    [`localhost:8080@${sha256}`, { domain: 'docker.io', path: 'library/localhost', tag: '8080', digest: sha256 }],
    [`test:5000/repo@${sha256}`, { domain: 'test:5000', path: 'repo', digest: sha256 }],
    [`busybox:latest@${sha256}`, { domain: 'docker.io', path: 'library/busybox', tag: 'latest', digest: sha256 }],
    [`xn--7o8h.com/x:y@${sha512}`, { domain: 'xn--7o8h.com', path: 'x', tag: 'y', digest: sha512 }],
    [
      `[2001:db8::1]:5000/repo:tag@${sha256}`,
      { domain: '[2001:db8::1]:5000', path: 'repo', tag: 'tag', digest: sha256 },
    ],
  ])('%s', (text, expected) => {
    expect(parseFamiliarName(text)).toStrictEqual(expected);
  });
});

describe('what is refused, and why', () => {
  test.each<[text: string, code: InvalidReferenceCode]>([
    ['', 'empty'],
    [hex64, 'identifier'],
    ['https://github.com/docker/docker', 'scheme'],
    ['docker://nginx', 'scheme'],
    // not a host
    ['fc00::1:5000/debian', 'invalid-host'],
    ['[fe80::1%eth0]:5000/debian', 'invalid-host'],
    ['[fe80::1%@invalidzone]:5000/debian', 'invalid-host'],
    ['[2001:db8:3:4::192.0.2.33]:5000/debian', 'invalid-host'],
    ['[fc00::1]5000/x', 'invalid-host'],
    ['[fc00::1]::5000/x', 'invalid-host'],
    ['[]:5000/x', 'invalid-host'],
    ['x[::1]/x', 'invalid-host'],
    ['-docker.io/docker/docker', 'invalid-host'],
    ['docker.io-/docker/docker', 'invalid-host'],
    ['ab-.com/x', 'invalid-host'],
    ['ab.-com/x', 'invalid-host'],
    ['docker./docker', 'invalid-host'],
    ['docker.io./library/nginx', 'invalid-host'],
    ['.docker/docker', 'invalid-host'],
    ['dock..er/docker', 'invalid-host'],
    ['dock_.er/docker', 'invalid-host'],
    ['dock-.er/docker', 'invalid-host'],
    ['foo_bar.com/app', 'invalid-host'],
    ['foo_bar.com:8080/app', 'invalid-host'],
    ['do__cker:8080/docker', 'invalid-host'],
    ['localhost:http/name', 'invalid-host'],
    ['test.com:/name', 'invalid-host'],
    [`${'a'.repeat(252)}.com/x`, 'invalid-host'],
    // not a path
    ['[fc00::1]', 'invalid-path'],
    ['[fc00::1]:5000', 'invalid-path'],
    ['-docker', 'invalid-path'],
    ['-docker/docker', 'invalid-path'],
    ['docker-/docker', 'invalid-path'],
    ['-docker-/docker', 'invalid-path'],
    ['foo/bar-', 'invalid-path'],
    ['foo/-bar', 'invalid-path'],
    ['____/____', 'invalid-path'],
    ['_docker/_docker', 'invalid-path'],
    ['docker_/docker_', 'invalid-path'],
    ['dock___er/docker', 'invalid-path'],
    ['docker///docker', 'invalid-path'],
    ['docker.io/docker///docker', 'invalid-path'],
    ['a//a/a', 'invalid-path'],
    ['a/a/a/a/', 'invalid-path'],
    ['docker/', 'invalid-path'],
    ['docker.io/', 'invalid-path'],
    ['foo.com/', 'invalid-path'],
    ['/docker', 'invalid-path'],
    ['/', 'invalid-path'],
    [':justtag', 'invalid-path'],
    [`@${sha256}`, 'invalid-path'],
    ['example.com/nodouble..dots/myimage', 'invalid-path'],
    ['example.com/.dots/myimage', 'invalid-path'],
    ['example.com/../myimage', 'invalid-path'],
    ['example.com/__underscore/myimage', 'invalid-path'],
    ['foo/x._y', 'invalid-path'],
    ['a^a', 'invalid-path'],
    ['aa/asdf$$^/aa', 'invalid-path'],
    ['foo/b%61r', 'invalid-path'],
    ['foo/bar\n', 'invalid-path'],
    ['foo\\bar', 'invalid-path'],
    [' nginx', 'invalid-path'],
    ['nginx ', 'invalid-path'],
    ['foo/b\u00e4r', 'invalid-path'],
    // upper case in a path
    ['docker/Docker', 'uppercase'],
    ['docker.io/docker/Docker', 'uppercase'],
    ['Uppercase:tag', 'uppercase'],
    ['Foo/FarB', 'uppercase'],
    ['test:5000/Uppercase/lowercase:tag', 'uppercase'],
    // too long
    [`${'a/'.repeat(128)}a:tag`, 'too-long'],
    [`example.com/${'a'.repeat(256)}`, 'too-long'],
    [`${'a'.repeat(248)}`, 'too-long'],
    // not a tag
    ['nginx:', 'invalid-tag'],
    ['nginx:-foo', 'invalid-tag'],
    ['nginx:.foo', 'invalid-tag'],
    ['nginx:1:2', 'invalid-tag'],
    ['a/b:c/d', 'invalid-tag'],
    [`nginx:${'t'.repeat(129)}`, 'invalid-tag'],
    ['registry.com:8080/myapp:invalid~tag', 'invalid-tag'],
    // not a digest that can be verified
    ['nginx@', 'invalid-digest'],
    ['registry.com:8080/myapp@bad', 'invalid-digest'],
    ['registry.com:8080/myapp@sha256:badbadbadbad', 'invalid-digest'],
    [`repo@sha256:${'f'.repeat(34)}`, 'invalid-digest'],
    [`repo@sha256:${'F'.repeat(64)}`, 'invalid-digest'],
    [`repo@SHA256:${'f'.repeat(64)}`, 'invalid-digest'],
    [`repo@sha384:${'f'.repeat(96)}`, 'invalid-digest'],
    [`repo@invaliddigest:${'f'.repeat(64)}`, 'invalid-digest'],
    [`repo@${sha256}@${sha256}`, 'invalid-digest'],
  ])('%j: %s', (text, code) => {
    expect(codeOf(text)).toBe(code);
  });
});

describe('the sentence of an error', () => {
  const long = 'x'.repeat(300);

  test.each([
    ['', 'The image name is empty. Write one like nginx:1.27.'],
    [hex64, `${hex64} is read as the id of a local image. Write docker.io/library/ before it if it is a name.`],
    ['https://ghcr.io/x', 'https://ghcr.io/x is a URL. Write the image without the part up to and including ://.'],
    [
      'dock_.er/x',
      'dock_.er is not a registry host. Write it like ghcr.io, registry.example.com:5000 or [fc00::1]:5000.',
    ],
    ['foo/Bar', 'foo/Bar must be lower case: write foo/bar.'],
    ['UPPER:V1', 'UPPER must be lower case: write upper.'],
    // Of the path alone, whoever obeys would write Acme/web: Docker's grammar takes that for the registry acme.
    ['Acme/Web', 'Acme/Web must be lower case: write acme/web.'],
    [`Acme/Web:V1@${sha256}`, 'Acme/Web must be lower case: write acme/web.'],
    ['GHCR.io/Acme/Web', 'GHCR.io/Acme/Web must be lower case: write ghcr.io/acme/web.'],
    ['index.docker.io/Nginx', 'index.docker.io/Nginx must be lower case: write index.docker.io/nginx.'],
    [
      'foo/-bar',
      'foo/-bar is not a repository name. Write lower-case letters and digits, with single . _ or - between them and / between parts.',
    ],
    ['foo:-x', '-x is not a tag. A tag has up to 128 letters, digits, _ . and -, and does not begin with . or -.'],
    [
      'foo@bar',
      'bar is not a digest that can be verified. Write sha256: and 64 or sha512: and 128 lower-case hexadecimal digits.',
    ],
    [
      `foo/${long}`,
      `foo/${'x'.repeat(35)}...${'x'.repeat(38)} has 304 characters, but a repository name has at most 255.`,
    ],
    [
      'foo/"\u00fc"\r\nx',
      'foo/? x is not a repository name. Write lower-case letters and digits, with single . _ or - between them and / between parts.',
    ],
  ])('%j', (text, message) => {
    expect(() => parseFamiliarName(text)).toThrow(expect.objectContaining({ name: 'InvalidReference', message }));
  });
});
