import { z } from 'zod';

export type JsonObject = { readonly [key: string]: unknown };

type Mutable = Record<string, unknown>;

/** Turns schemas into JSON Schema 2020-12, and gathers those that have an id under `#/components/schemas`. */
export interface SchemaCollector {
  /** @param io `input` for what is sent to the server, `output` for what it answers. */
  add(schema: z.ZodType, io: 'input' | 'output'): JsonObject;
  readonly components: JsonObject;
}

export function createSchemaCollector(): SchemaCollector {
  const components: Mutable = {};
  const converted = { input: new Map<z.ZodType, JsonObject>(), output: new Map<z.ZodType, JsonObject>() };

  function convert(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
    const {
      $schema: _,
      $defs = {},
      ...root
    } = relocated(z.toJSONSchema(schema, { io, unrepresentable: 'any', override }));
    for (const [id, component] of Object.entries($defs as JsonObject)) {
      if (components[id] !== undefined && JSON.stringify(components[id]) !== JSON.stringify(component)) {
        throw new Error(`Two different schemas have the id ${id}: give one of them another.`);
      }
      components[id] = component;
    }
    return root;
  }

  return {
    components,
    add(schema, io) {
      const known = converted[io].get(schema) ?? convert(schema, io);
      converted[io].set(schema, known);
      return known;
    },
  };
}

function override({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodType; jsonSchema: Mutable }): void {
  simplify(jsonSchema);
  restoreDefault(zodSchema, jsonSchema);
}

/** Where OpenAPI has its schemas, instead of where JSON Schema has them. */
function relocated(schema: object): JsonObject {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'));
}

/** Leaves out what only tells how the check is made, and what would forbid later versions to answer more. */
function simplify(schema: Mutable): void {
  if (schema['additionalProperties'] === false) delete schema['additionalProperties'];
  if (schema['format'] === 'date-time') delete schema['pattern'];
  if (schema['minimum'] === Number.MIN_SAFE_INTEGER) delete schema['minimum'];
  if (schema['maximum'] === Number.MAX_SAFE_INTEGER) delete schema['maximum'];
}

/** zod leaves a default out where what is sent is read by a function first; the schema says it apart then. */
function restoreDefault(zodSchema: z.core.$ZodType, jsonSchema: Mutable): void {
  const fallback = z.globalRegistry.get(zodSchema)?.['default'];
  if (fallback !== undefined) jsonSchema['default'] = fallback;
}
