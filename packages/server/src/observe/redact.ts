const redacted = '[redacted]';

/** Compared without regard to case, `-` and `_`; a longer name that contains one of these counts too. */
const secretName = /authorization|cookie|passw(?:or)?d|passphrase|secret|token|credential|private_?key|api_?key/;

/** Names that contain one of those words and tell no secret: ids and counts, which a reader of the log needs. */
const openName = /^(?:token|credential)_?(?:id|ids|count|label|kind)$/;

/**
 * Secrets inside of text. Every expression takes linear time, for the text may be what a stranger sent: none can start
 * over within what it has just scanned without a match.
 */
const secretText: ReadonlyArray<readonly [RegExp, string]> = [
  // Our own tokens, wherever they stand.
  [/(pg[poisf]_)[\w-]+/g, `$1${redacted}`],
  // Docker Hub's.
  [/(dckr_[a-z]{1,8}_)[\w-]+/g, `$1${redacted}`],
  // JSON Web Tokens: registry tokens, ours and upstream's.
  [/(?<![\w-])eyJ[\w-]+\.[\w-]+(?:\.[\w-]*)?/g, redacted],
  [/\b(basic|bearer)(\s+)[\w.~+/=-]+/gi, `$1$2${redacted}`],
  // The user information of a URL.
  [/(:\/\/)[^\s/?#@"'<>]+@/g, `$1${redacted}@`],
  // A whole query: the address of a blob in a store is signed there, under names of all kinds.
  [/\?[\w.~%[\]-]{1,64}=[^\s#"'<>]*/g, `?${redacted}`],
  // name=value and "name": "value", as in a form or a document that was put into a message.
  [
    /((?:authorization|cookie|passw(?:or)?d|passphrase|secret|token)[\w-]{0,32}\\{0,4}["']?\s{0,4}[=:]\s{0,4}\\{0,4}["']?)(?!\[redacted\])[^\s&"'\\,;}]+/gi,
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
  return secretText.reduce((rest, [pattern, replacement]) => rest.replace(pattern, replacement), bounded(text));
}

/** Cut between words: the first half of a secret may no longer look like one. */
function bounded(text: string): string {
  if (text.length <= longestText) return text;
  return `${text.slice(0, Math.max(0, text.lastIndexOf(' ', longestText)))} …`;
}

function isSecretName(name: string): boolean {
  const plain = name
    .replace(/([a-z])([A-Z])/g, '$1_$2')
    .replaceAll('-', '_')
    .toLowerCase();
  return secretName.test(plain) && !openName.test(plain);
}
