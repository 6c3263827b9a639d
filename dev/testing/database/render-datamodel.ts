import type { Datamodel, DatamodelField } from './read-datamodel.ts'

type Model = Datamodel['models'][number]

/** https://www.prisma.io/docs/orm/overview/databases/postgresql#type-mapping-between-postgresql-and-prisma-schema */
const types: Readonly<Record<string, string>> = {
  String: 'text',
  Boolean: 'boolean',
  Int: 'integer',
  BigInt: 'bigint',
  Float: 'double precision',
  DateTime: 'timestamp(3)',
  Json: 'jsonb',
  Bytes: 'bytea',
}
const maxNameLength = 63

/**
 * Renders a Prisma schema as SQL, with Prisma's names for keys and indexes.
 * @param schema its text, for the fields that Prisma leaves out of its data model: those of unsupported types
 * @returns a script for an empty database
 */
export function renderDatamodel({ enums, models, indexes }: Datamodel, schema: string): string {
  const modelOf = (name: string) => models.find((model) => model.name === name)
  const tableOf = (name: string) => modelOf(name)?.dbName ?? name
  const enumOf = (name: string) => enums.find((one) => one.name === name)
  const columnOf = (model: string, name: string) =>
    modelOf(model)?.fields.find((field) => field.name === name)?.dbName ?? mapped(schema, model, name) ?? name
  const columns = (model: string, fields: readonly string[]) => fields.map((name) => columnOf(model, name))

  const typeOf = ({ type, nativeType, isList, default: value }: DatamodelField): string => {
    const [native, args = []] = nativeType ?? []
    const scalar = isCall(value, 'autoincrement') ? 'bigserial' : (types[type] ?? quote(enumOf(type)?.dbName ?? type))
    const sized = native === undefined ? scalar : `${native}${args.length > 0 ? `(${args.join(', ')})` : ''}`
    return `${sized}${isList ? '[]' : ''}`
  }
  const column = (field: DatamodelField): string =>
    [
      quote(field.dbName ?? field.name),
      typeOf(field),
      field.isRequired && !field.isList && 'NOT NULL',
      renderDefault(field, typeOf(field)),
    ]
      .filter(Boolean)
      .join(' ')
  const table = (model: Model): string => {
    const own = model.fields.filter(({ kind }) => kind !== 'object').map(column)
    return `CREATE TABLE ${quote(tableOf(model.name))} (${[...own, ...unsupported(schema, model.name)].join(', ')});`
  }
  const index = ({ model, type, dbName, fields }: Datamodel['indexes'][number]): string => {
    const names = columns(
      model,
      fields.map(({ name }) => name),
    )
    const list = names.map(quote).join(', ')
    const of = quote(tableOf(model))
    if (type === 'id')
      return `ALTER TABLE ${of} ADD CONSTRAINT ${nameOf([tableOf(model)], 'pkey')} PRIMARY KEY (${list});`
    const name = dbName ? quote(dbName) : nameOf([tableOf(model), ...names], type === 'unique' ? 'key' : 'idx')
    return `CREATE ${type === 'unique' ? 'UNIQUE ' : ''}INDEX ${name} ON ${of} (${list});`
  }
  const foreignKey = (model: Model, field: DatamodelField): string => {
    const from = columns(model.name, field.relationFromFields ?? [])
    const to = columns(field.type, field.relationToFields ?? [])
    const onDelete = field.relationOnDelete ?? (field.isRequired ? 'Restrict' : 'SetNull')
    return `ALTER TABLE ${quote(tableOf(model.name))} ADD CONSTRAINT ${nameOf([tableOf(model.name), ...from], 'fkey')}
      FOREIGN KEY (${from.map(quote).join(', ')}) REFERENCES ${quote(tableOf(field.type))} (${to.map(quote).join(', ')})
      ON DELETE ${onDelete.replace(/(?<=[a-z])(?=[A-Z])/, ' ')} ON UPDATE CASCADE;`
  }
  return [
    ...enums.map(({ name, dbName, values }) => {
      const labels = values.map((value) => literal(value.dbName ?? value.name))
      return `CREATE TYPE ${quote(dbName ?? name)} AS ENUM (${labels.join(', ')});`
    }),
    ...models.map(table),
    ...indexes.map(index),
    ...models.flatMap((model) =>
      model.fields.filter((one) => (one.relationFromFields ?? []).length > 0).map((one) => foreignKey(model, one)),
    ),
  ].join('\n')
}

const quote = (name: string): string => `"${name}"`
const literal = (value: string): string => `'${value.replaceAll("'", "''")}'`
const nameOf = (parts: readonly string[], suffix: string): string =>
  quote(`${parts.join('_').slice(0, maxNameLength - suffix.length - 1)}_${suffix}`)

const isCall = (value: DatamodelField['default'], name: string): boolean =>
  typeof value === 'object' && !Array.isArray(value) && value.name === name

function renderDefault({ type: scalar, default: value }: DatamodelField, type: string): string {
  if (value === undefined || isCall(value, 'autoincrement')) return ''
  if (isCall(value, 'now')) return 'DEFAULT CURRENT_TIMESTAMP'
  if (Array.isArray(value)) return `DEFAULT ARRAY[${value.map((one) => literal(String(one))).join(', ')}]::${type}`
  if (typeof value === 'object') return `DEFAULT ${String(value.args[0])}`
  // Prisma's JSON has large numbers as strings.
  return `DEFAULT ${typeof value === 'string' && scalar !== 'BigInt' ? literal(value) : value}`
}

const bodyOf = (schema: string, model: string): string =>
  new RegExp(`^model ${model} \\{\\n([\\s\\S]*?)^\\}`, 'm').exec(schema)?.[1] ?? ''

const mapped = (schema: string, model: string, field: string): string | undefined =>
  new RegExp(`^\\s*${field}\\s.*@map\\("(\\w+)"\\)`, 'm').exec(bodyOf(schema, model))?.[1]

/** Columns of types such as `Unsupported("xid8")`. */
function unsupported(schema: string, model: string): string[] {
  const found = bodyOf(schema, model).matchAll(
    /^\s*(\w+)\s+Unsupported\("(\w+)"\)(\?)?(?:.*?@default\(dbgenerated\("([^"]*)"\)\))?/gm,
  )
  return [...found].map(([, name = '', type, optional, value]) =>
    [
      quote(mapped(schema, model, name) ?? name),
      type,
      optional === undefined && 'NOT NULL',
      value !== undefined && `DEFAULT ${value}`,
    ]
      .filter(Boolean)
      .join(' '),
  )
}
