import { type Attribute, findAttribute } from '#lib/features/scim/protocol/attribute.ts'
import type { Filter, Literal, Operator } from '#lib/features/scim/protocol/filter.ts'
import { scimFailure } from '#lib/features/scim/protocol/scim-failure.ts'
import { enterprise, enterpriseAttributes, userAttributes } from '#lib/features/scim/protocol/user-schema.ts'
import { Prisma } from '#lib/kernel/db/client.ts'

/**
 * The SQL of a path. Case-insensitive texts are lower-cased, as their indexes are. SQL comes only from these tables;
 * everything that a client sends is a parameter.
 */
type Operand =
  | { kind: 'text'; sql: Prisma.Sql; caseExact: boolean }
  | { kind: 'id' | 'boolean' | 'time'; sql: Prisma.Sql }
  /** Elements of a multi-valued attribute: a condition on `e` holds for one of them. */
  | { kind: 'elements'; exists: (condition: Prisma.Sql) => Prisma.Sql; part: (path: string) => Operand | undefined }

type Operands = (path: string) => Operand | undefined

const text = (sql: string, caseExact = false): Operand => ({ kind: 'text', sql: Prisma.raw(sql), caseExact })
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

const metaOf = (table: 'su' | 'sg'): Record<string, Operand> => ({
  id: { kind: 'id', sql: Prisma.raw(`${table}.id`) },
  externalid: text(`${table}.external_id`, true),
  displayname: text(`${table}.display_name`),
  'meta.created': { kind: 'time', sql: Prisma.raw(`${table}.created_at`) },
  'meta.lastmodified': { kind: 'time', sql: Prisma.raw(`${table}.modified_at`) },
})

const userColumns: Record<string, Operand> = {
  ...metaOf('su'),
  username: text('su.user_name'),
  active: { kind: 'boolean', sql: Prisma.raw('(u.deactivated_at IS NULL)') },
}
const groupColumns: Record<string, Operand> = {
  ...metaOf('sg'),
  members: {
    kind: 'elements',
    exists: (condition) => Prisma.sql`EXISTS (
      SELECT FROM scim_user e JOIN scim_group_member m ON m.user_id = e.user_id WHERE m.group_id = sg.id AND ${condition})`,
    part: (path) => (path === 'value' ? { kind: 'id', sql: Prisma.raw('e.id') } : undefined),
  },
}

const extension = `${enterprise.name.toLowerCase()}:`

/** Attributes stored as JSON are looked up in the schema's tables. */
function ofAttributes(path: string): Operand | undefined {
  const inExtension = path.startsWith(extension)
  const [name = '', part, ...more] = (inExtension ? path.slice(extension.length) : path).split('.')
  const attribute = findAttribute(inExtension ? enterpriseAttributes : userAttributes('externalId'), name)
  if (!attribute || attribute.mutability === 'readOnly' || more.length > 0) return undefined
  const at = [...(inExtension ? [enterprise.name] : []), attribute.name]
  if (attribute.multiValued) return part === undefined ? elements(attribute, at) : undefined
  if (attribute.type !== 'complex')
    return part === undefined ? text(`su.attributes #>> '{"${at.join('","')}"}'`) : undefined
  const sub = part === undefined ? undefined : findAttribute(attribute.subAttributes, part)
  return sub && text(`su.attributes #>> '{"${[...at, sub.name].join('","')}"}'`)
}

const elements = ({ subAttributes }: Attribute, at: readonly string[]): Operand => ({
  kind: 'elements',
  exists: (condition) => Prisma.sql`EXISTS (
    SELECT FROM jsonb_array_elements(coalesce(su.attributes #> ${Prisma.raw(`'{"${at.join('","')}"}'`)}, '[]')) e WHERE ${condition})`,
  part(path) {
    const sub = findAttribute(subAttributes, path)
    if (!sub) return undefined
    return sub.type === 'boolean'
      ? { kind: 'boolean', sql: Prisma.raw(`(e ->> '${sub.name}' = 'true')`) }
      : text(`e ->> '${sub.name}'`)
  },
})

const columnOf = (columns: Record<string, Operand>, path: string) =>
  Object.hasOwn(columns, path) ? columns[path] : undefined

/**
 * @returns the condition on a user `su` and their account `u`
 * @throws AppError scim_filter
 */
export const userFilterSql = (filter: Filter | null): Prisma.Sql =>
  filter ? conditionOf(filter, (path) => columnOf(userColumns, path) ?? ofAttributes(path)) : Prisma.sql`true`

/**
 * @returns the condition on a group `sg`
 * @throws AppError scim_filter
 */
export const groupFilterSql = (filter: Filter | null): Prisma.Sql =>
  filter ? conditionOf(filter, (path) => columnOf(groupColumns, path)) : Prisma.sql`true`

function conditionOf(filter: Filter, operands: Operands): Prisma.Sql {
  switch (filter.kind) {
    case 'and':
    case 'or': {
      const parts = filter.of.map((one) => Prisma.sql`(${conditionOf(one, operands)})`)
      return Prisma.join(parts, filter.kind === 'and' ? ' AND ' : ' OR ')
    }
    case 'not':
      // An unassigned attribute equals nothing, so `ne` is true for it.
      return Prisma.sql`(${conditionOf(filter.of, operands)}) IS NOT TRUE`
    case 'element': {
      const operand = operands(filter.path)
      if (operand?.kind !== 'elements') throw unknown(filter.path)
      return operand.exists(conditionOf(filter.of, operand.part))
    }
    default:
      return leafOf(filter, operands)
  }
}

type Leaf = Extract<Filter, { kind: 'present' | 'compare' }>

function leafOf(leaf: Leaf, operands: Operands): Prisma.Sql {
  const operand = operands(leaf.path)
  if (operand && operand.kind !== 'elements') return testOf(leaf, operand)
  // A multi-valued attribute matches if any of its values does: `emails.value`, or `emails` for short.
  const end = leaf.path.lastIndexOf('.')
  const [outer, part] =
    operand || end < 0 ? [operand, 'value'] : [operands(leaf.path.slice(0, end)), leaf.path.slice(end + 1)]
  const inner = outer?.kind === 'elements' ? outer.part(part) : undefined
  if (outer?.kind !== 'elements' || !inner || inner.kind === 'elements') throw unknown(leaf.path)
  return outer.exists(testOf(leaf, inner))
}

function testOf(leaf: Leaf, operand: Exclude<Operand, { kind: 'elements' }>): Prisma.Sql {
  const { sql } = operand
  if (leaf.kind === 'present') return Prisma.sql`${sql} IS NOT NULL`
  const { operator, value } = leaf
  if (value === null) {
    if (operator !== 'eq' && operator !== 'ne') throw unusable(leaf.path, value)
    return operator === 'eq' ? Prisma.sql`${sql} IS NULL` : Prisma.sql`${sql} IS NOT NULL`
  }
  switch (operand.kind) {
    case 'boolean':
      return compareBoolean(leaf.path, sql, operator, value)
    case 'id':
      if (typeof value !== 'string' || (operator !== 'eq' && operator !== 'ne')) throw unusable(leaf.path, value)
      if (!uuid.test(value)) return operator === 'eq' ? Prisma.sql`false` : Prisma.sql`true`
      return operator === 'eq' ? Prisma.sql`${sql} = ${value}::uuid` : Prisma.sql`${sql} <> ${value}::uuid`
    case 'time':
      return compareTime(leaf.path, sql, operator, value)
    case 'text':
      return compareText(leaf.path, operand, operator, value)
  }
}

function compareBoolean(path: string, sql: Prisma.Sql, operator: Operator, value: Literal): Prisma.Sql {
  const word = String(value).toLowerCase()
  if ((word !== 'true' && word !== 'false') || (operator !== 'eq' && operator !== 'ne')) throw unusable(path, value)
  return (word === 'true') === (operator === 'eq') ? Prisma.sql`${sql} IS TRUE` : Prisma.sql`${sql} IS NOT TRUE`
}

const order = { eq: '=', ne: '<>', gt: '>', ge: '>=', lt: '<', le: '<=' } as const
const isOrder = (operator: Operator): operator is keyof typeof order => Object.hasOwn(order, operator)

function compareTime(path: string, sql: Prisma.Sql, operator: Operator, value: Literal): Prisma.Sql {
  const at = typeof value === 'string' && /^\d{4}-/.test(value) ? new Date(value) : new Date(Number.NaN)
  if (Number.isNaN(at.getTime()) || !isOrder(operator)) throw unusable(path, value)
  return Prisma.sql`${sql} ${Prisma.raw(order[operator])} ${at}`
}

function compareText(
  path: string,
  { sql, caseExact }: { sql: Prisma.Sql; caseExact: boolean },
  operator: Operator,
  value: Literal,
): Prisma.Sql {
  if (typeof value === 'boolean') throw unusable(path, value)
  const wanted = Prisma.sql`${String(value)}::text`
  const [left, right] = caseExact ? [sql, wanted] : [Prisma.sql`lower(${sql})`, Prisma.sql`lower(${wanted})`]
  switch (operator) {
    case 'eq':
      return Prisma.sql`${left} = ${right}`
    case 'ne':
      return Prisma.sql`${left} IS DISTINCT FROM ${right}`
    case 'co':
      return Prisma.sql`strpos(${left}, ${right}) > 0`
    case 'sw':
      return Prisma.sql`starts_with(${left}, ${right})`
    case 'ew':
      return Prisma.sql`right(${left}, length(${right})) = ${right}`
    default:
      return Prisma.sql`${left} ${Prisma.raw(order[operator])} ${right} COLLATE "C"`
  }
}

const unknown = (path: string) => scimFailure('scim_filter', `There is no attribute “${path}” to filter by.`)
const unusable = (path: string, value: Literal) =>
  scimFailure('scim_filter', `“${path}” can’t be compared with ${JSON.stringify(value)} in this way.`)
