const redacted = '[redacted]';

/** Compared without regard to case, `-` and `_`; a longer name that contains one of these counts too. */
const secretName = /authorization|cookie|passw(?:or)?d|passphrase|secret|token|credential|private_?key|api_?key/;

/** Names that contain one of those words and tell no secret: ids and counts, which a reader of the log needs. */
const openName = /^(?:token|credential)_?(?:id|ids|count|label|kind)$/;

/** Secrets inside of text. Every expression is linear: no repetition within a repetition. */
const secretText: ReadonlyArray<readonly [RegExp, string]> = [
  // Our own tokens, wherever they stand.
  [/\b(pg[po]_)[\w-]+/g, `$1${redacted}`],
  // Docker Hub's.
  [/\b(dckr_[a-z]+_)[\w-]+/g, `$1${redacted}`],
  // JSON Web Tokens: registry tokens, ours and upstream's.
  [/\beyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, redacted],
  [/\b(basic|bearer)(\s+)[\w.~+/=-]+/gi, `$1$2${redacted}`],
  // The user information of a URL.
  [/(:\/\/)[^\s/?#@"'<>]+@/g, `$1${redacted}@`],
  // The whole query of an absolute URL: the address of a blob in a store is signed there, under names of all kinds.
  [/(\bhttps?:\/\/[^\s?#"'<>]*\?)[^\s#"'<>]+/gi, `$1${redacted}`],
  // name=value and "name": "value", as in a form, a query or a document that was put into a message.
  [
    /((?:authorization|cookie|passw(?:or)?d|passphrase|secret|token)[\w-]*\\*["']?\s*[=:]\s*\\*["']?)(?!\[redacted\])[^\s&"'\\,;}]+/gi,
    `$1${redacted}`,
  ],
];

const longestText = 8192;
const deepest = 8;

/** A value without secrets: by the name of the member that holds it, at any depth, or by how it looks inside of text. */
export function redact(value: unknown, depth = 0): unknown {
  if (typeof value === 'string') return redactText(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === deepest) return '[too deep]';
  if (Array.isArray(value)) return value.map((item) => redact(item, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      redactText(name),
      isSecretName(name) ? redacted : redact(member, depth + 1),
    ]),
  );
}

/** Text without secrets, and of a length that somebody may want to read. */
export function redactText(text: string): string {
  const bounded = text.length > longestText ? `${text.slice(0, longestText)}…` : text;
  return secretText.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), bounded);
}

function isSecretName(name: string): boolean {
  const plain = name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
  return secretName.test(plain) && !openName.test(plain);
}
