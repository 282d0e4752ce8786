import { z } from 'zod';

/** A part of a request that can be said on the command line. */
export interface Field {
  /** `['allowlist', 'add']` */
  readonly path: readonly string[];
  /** `json`: a list of objects. */
  readonly kind: 'text' | 'integer' | 'boolean' | 'texts' | 'json';
  /** What may be said; everything when absent. */
  readonly choices?: readonly string[];
  readonly description: string;
  /** Always, and so is everything that it is in. */
  readonly isRequired: boolean;
  /** Wherever the object is that it is in. */
  readonly isRequiredThere: boolean;
  /** An example needs it: like `isRequired`, and for the first kind of a body that has several. */
  readonly isExemplary: boolean;
  readonly isSecret: boolean;
  readonly isNullable: boolean;
  readonly isInstant: boolean;
}

/** As much of JSON Schema as requests are described with. */
interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly format?: string;
  readonly description?: string;
}

type Definitions = Readonly<Record<string, Schema>>;

/** Everything that an object may have, down to what is no object. */
export function fieldsOf(schema: z.ZodType): readonly Field[] {
  const { $defs = {}, ...root } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return fieldsIn(root as Schema, [], true, true, $defs as Definitions);
}

function fieldsIn(
  schema: Schema,
  path: readonly string[],
  isRequired: boolean,
  isExemplary: boolean,
  definitions: Definitions,
): readonly Field[] {
  const kinds = alternativesOf(resolved(schema, definitions), definitions);
  const [first = {}] = kinds;
  const names = new Set(kinds.flatMap(({ properties = {} }) => Object.keys(properties)));
  return [...names].flatMap((name) => {
    const property = merged(kinds.flatMap(({ properties = {} }) => properties[name] ?? []));
    const here = [...path, name];
    const always = kinds.every(({ required = [] }) => required.includes(name));
    const isExample = isExemplary && (first.required ?? []).includes(name);
    const isObject = alternativesOf(resolved(property, definitions), definitions)[0]?.properties !== undefined;
    if (isObject) return fieldsIn(property, here, isRequired && always, isExample, definitions);
    const isRequiredThere = kinds.some(({ required = [] }) => required.includes(name));
    return [
      {
        ...describeValue(property, definitions),
        path: here,
        isRequired: isRequired && always,
        isRequiredThere,
        isExemplary: isExample,
      },
    ];
  });
}

/** The several forms that it may have, without those that only say "nothing". */
function alternativesOf(schema: Schema, definitions: Definitions): readonly Schema[] {
  const { anyOf, oneOf } = schema;
  const several = anyOf ?? oneOf;
  if (several === undefined) return [schema];
  return several
    .flatMap((one) => alternativesOf(resolved(one, definitions), definitions))
    .filter(({ type, const: only }) => type !== 'null' && only !== '');
}

function resolved(schema: Schema, definitions: Definitions): Schema {
  const name = schema.$ref?.replace('#/$defs/', '');
  return name === undefined ? schema : { ...definitions[name], ...schema };
}

/** What tells the forms of a body apart is one constant in each: together they are a choice. */
function merged(properties: readonly Schema[]): Schema {
  const [first = {}] = properties;
  const constants = properties.flatMap(({ const: only }) => only ?? []);
  return constants.length === 0 ? first : { type: 'string', enum: constants, ...description(first) };
}

const description = ({ description: text }: Schema) => (text === undefined ? {} : { description: text });

type Value = Pick<Field, 'kind' | 'choices' | 'description' | 'isSecret' | 'isNullable' | 'isInstant'>;

function describeValue(schema: Schema, definitions: Definitions): Value {
  const [value = {}] = alternativesOf(schema, definitions);
  const items = value.items && resolved(value.items, definitions);
  const choices = (items?.enum ?? value.enum)?.map(String);
  return {
    kind: kindOf(value, items),
    ...(choices && { choices }),
    description: schema.description ?? value.description ?? '',
    isSecret: value.format === 'password',
    isNullable: schema.anyOf?.some(({ type }) => type === 'null') ?? false,
    isInstant: value.format === 'date-time',
  };
}

function kindOf({ type }: Schema, items: Schema | undefined): Field['kind'] {
  if (type === 'boolean') return 'boolean';
  if (type === 'integer') return 'integer';
  if (type === 'string') return 'text';
  return type === 'array' && items?.type === 'string' ? 'texts' : 'json';
}
