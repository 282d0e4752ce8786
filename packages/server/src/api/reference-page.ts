import type { JsonObject } from '@pullgate/contract';

/** The part of an OpenAPI 3.1 document that the reference shows. */
interface Document {
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
}

interface Operation {
  readonly operationId?: string;
  readonly summary: string;
  readonly description?: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Content };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Content }>>;
  readonly deprecated?: boolean;
  readonly 'x-since'?: string;
}

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly required: boolean;
  readonly description?: string;
  readonly schema: Schema;
}

type Content = Readonly<Record<string, { readonly schema: Schema }>>;

interface Schema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly description?: string;
}

/** The reference for people, as a page without scripts: what the OpenAPI document says, by headings. */
export function referencePage(openApi: JsonObject): string {
  const document = openApi as unknown as Document;
  const { info, tags, components } = document;
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const groups = tags.map(({ name }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    return `<section><h2 id="${anchor(name)}">${escapeHtml(name)}</h2>\n${own.map(showOperation).join('\n')}</section>`;
  });
  const schemas = Object.entries(components.schemas).map(
    ([name, schema]) =>
      `<section><h3 id="schema-${anchor(name)}">${escapeHtml(name)}</h3>\n${showProperties(schema)}</section>`,
  );
  const contents = tags.map(({ name }) => `<li><a href="#${anchor(name)}">${escapeHtml(name)}</a></li>`).join('');
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(info.title)} API</title><style>${style}</style></head>
<body><main><h1>${escapeHtml(info.title)} API ${escapeHtml(info.version)}</h1>
${paragraphs(info.description)}
<p>For machines: <a href="/openapi.json">/openapi.json</a></p>
<nav aria-label="Contents"><ul>${contents}<li><a href="#objects">Objects</a></li></ul></nav>
${groups.join('\n')}
<h2 id="objects">Objects</h2>
${schemas.join('\n')}
</main></body>
</html>
`;
}

const style = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}body{max-width:60rem;margin:2rem auto;padding:0 1rem}
article{border-top:1px solid #8886;padding:.5rem 0 1rem}h3{overflow-wrap:anywhere}code{font:.95em ui-monospace,monospace;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.2rem .75rem .2rem 0;border-top:1px solid #8883}
.table{overflow-x:auto}nav ul{columns:2;padding-left:1.2rem}`;

function showOperation({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const { operationId, summary, description = '', parameters = [], requestBody, responses } = operation;
  const id = operationId === undefined ? '' : ` id="${anchor(operationId)}"`;
  const since = operation['x-since'];
  return `<article${id}><h3><code>${method} ${escapeHtml(path)}</code></h3>
<p><strong>${escapeHtml(summary)}</strong></p>
${paragraphs(description)}
${parameters.length > 0 ? showParameters(parameters) : ''}
${requestBody ? `<h4>Request</h4>\n${showContent(requestBody.content)}` : ''}
<h4>Answers</h4>
${showResponses(responses)}
${since === undefined ? '' : `<p>Since ${escapeHtml(since)}.</p>`}
</article>`;
}

function showParameters(parameters: readonly Parameter[]): string {
  const rows = parameters.map(({ name, in: place, required, description = '', schema }) => [
    `<code>${escapeHtml(name)}</code>${required ? '' : ' (optional)'}`,
    escapeHtml(place),
    showType(schema),
    inline(description),
  ]);
  return table(['Parameter', 'In', 'Type', 'Meaning'], rows);
}

function showResponses(responses: Operation['responses']): string {
  const rows = Object.entries(responses).map(([status, { description, content }]) => [
    escapeHtml(status),
    inline(description),
    content ? showContentType(content) : '',
  ]);
  return table(['Status', 'Meaning', 'Body'], rows);
}

/** Every media type of a body has one schema. */
function schemaOf(content: Content): Schema {
  return Object.values(content)[0]?.schema ?? {};
}

function showContentType(content: Content): string {
  return `${Object.keys(content).map(escapeHtml).join(', ')}: ${showType(schemaOf(content))}`;
}

function showContent(content: Content): string {
  const schema = schemaOf(content);
  return schema.$ref === undefined ? showProperties(schema) : `<p>${showType(schema)}</p>`;
}

function showProperties(schema: Schema): string {
  const { properties, required = [] } = schema;
  if (properties === undefined) return `<p>${showType(schema)}</p>`;
  const rows = Object.entries(properties).map(([name, property]) => [
    `<code>${escapeHtml(name)}</code>${required.includes(name) ? '' : ' (optional)'}`,
    showType(property),
    inline(property.description ?? ''),
  ]);
  return table(['Member', 'Type', 'Meaning'], rows);
}

function showType(schema: Schema): string {
  const { $ref, type, items, anyOf, oneOf, properties } = schema;
  if ($ref !== undefined) {
    const name = $ref.slice($ref.lastIndexOf('/') + 1);
    return `<a href="#schema-${anchor(name)}">${escapeHtml(name)}</a>`;
  }
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum !== undefined) return schema.enum.map(literal).join(' | ');
  const alternatives = anyOf ?? oneOf;
  if (alternatives !== undefined) return alternatives.map(showType).join(' | ');
  if (items !== undefined) return `list of ${showType(items)}`;
  if (properties !== undefined) return showProperties(schema);
  return escapeHtml(typeof type === 'string' ? type : (type?.join(' | ') ?? 'anything'));
}

function literal(value: unknown): string {
  return `<code>${escapeHtml(JSON.stringify(value))}</code>`;
}

function table(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const head = heads.map((text) => `<th scope="col">${text}</th>`).join('');
  const body = rows.map((cells) => `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`).join('\n');
  return `<div class="table"><table><thead><tr>${head}</tr></thead><tbody>${body}</tbody></table></div>`;
}

/** The Markdown that descriptions use: paragraphs, lists and code. */
function paragraphs(text: string): string {
  return text
    .split('\n\n')
    .filter((block) => block !== '')
    .map((block) =>
      block.startsWith('- ')
        ? `<ul>${block
            .slice(2)
            .split('\n- ')
            .map((item) => `<li>${inline(item)}</li>`)
            .join('')}</ul>`
        : `<p>${inline(block)}</p>`,
    )
    .join('\n');
}

function inline(text: string): string {
  return escapeHtml(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

function anchor(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-');
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
