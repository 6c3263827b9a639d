/** Applies a patch to a user (RFC 7644, section 3.5.2), as strictly as Okta and Entra allow. */
import { isAppError } from '#lib/kernel/model/errors.ts'
import { type Attribute, type Data, own, type Value } from './attribute.ts'
import type { Filter } from './filter.ts'
import { matchesFilter } from './matches-filter.ts'
import { isList, maxValues, parseData, parseValue } from './parse-data.ts'
import type { Operation } from './parse-patch.ts'
import { resolvePath, type Target } from './resolve-path.ts'
import { scimFailure } from './scim-failure.ts'
import { maxTotalLength } from './user.ts'
import { enterprise } from './user-schema.ts'

/**
 * @param attributes the attributes of the user; not modified
 * @returns the user after all operations
 * @throws AppError scim_path, scim_value, scim_target, scim_mutability
 */
export function applyUserPatch(user: Data, operations: readonly Operation[], attributes: readonly Attribute[]): Data {
  const patched = structuredClone(user)
  for (const { op, path, value } of operations) {
    if (path !== undefined) applyAt(patched, resolvePath(path, attributes), { op, value })
    else
      for (const [key, one] of Object.entries(objectOf(value))) applyKey(patched, key, { op, value: one }, attributes)
  }
  return patched
}

type Act = Pick<Operation, 'op' | 'value'>

/** A key of a value without a path. Unknown and read-only attributes are ignored, as in a PUT. */
function applyKey(user: Data, key: string, act: Act, attributes: readonly Attribute[]): void {
  let target: Target | null
  try {
    target = resolvePath(key, attributes)
  } catch (error) {
    if (isAppError(error, 'scim_path', 'scim_mutability')) return
    throw error
  }
  applyAt(user, target, act)
}

function applyAt(user: Data, target: Target | null, act: Act): void {
  if (target === null) return
  const { inExtension, attribute } = target
  const container = inExtension ? objectAt(user, enterprise.name) : user
  const after = changed(own(container, attribute.name), target, act)
  if (after === undefined && attribute.required) throw scimFailure('scim_value', `${attribute.name} is required.`)
  assign(container, attribute.name, after)
  if (inExtension) assign(user, enterprise.name, container)
}

/** @returns an attribute's value after an operation; undefined: unassigned */
function changed(before: Value | undefined, { attribute, filter, sub }: Target, act: Act): Value | undefined {
  if (filter) return selected(listOf(before), attribute, { filter, sub }, act)
  return sub ? part(before, attribute, sub, act) : whole(before, attribute, act)
}

function whole(before: Value | undefined, attribute: Attribute, { op, value }: Act): Value | undefined {
  if (op === 'remove') {
    const gone = attribute.multiValued && value !== undefined ? parseValue(attribute, value) : undefined
    return gone !== undefined && isList(gone) ? without(listOf(before), gone) : undefined
  }
  const parsed = parseValue(attribute, value)
  if (parsed === undefined) return op === 'replace' ? undefined : before
  if (isList(parsed)) return op === 'add' ? joined(listOf(before), parsed) : parsed
  // Sub-attributes that the value doesn't name stay (RFC 7644, section 3.5.2.3).
  return typeof parsed === 'object' ? { ...dataOf(before), ...parsed } : parsed
}

/** A sub-attribute of a complex attribute, or of each value of a multi-valued one. */
function part(before: Value | undefined, attribute: Attribute, sub: Attribute, { op, value }: Act): Value {
  const parsed = op === 'remove' ? undefined : parseValue(sub, value, `${attribute.name}.`)
  if (!attribute.multiValued) return having(dataOf(before), sub.name, parsed)
  const values = listOf(before)
  return (values.length === 0 ? [{}] : values).map((one) => having(one, sub.name, parsed))
}

/** The values of a multi-valued attribute that a filter selects. */
function selected(
  values: readonly Data[],
  attribute: Attribute,
  { filter, sub }: { filter: Filter; sub: Attribute | null },
  { op, value }: Act,
): Value {
  const subs = attribute.subAttributes ?? []
  const isChosen = values.map((one) => matchesFilter(filter, one, subs))
  if (op === 'remove')
    return values.flatMap((one, at) => {
      if (!isChosen[at]) return [one]
      return sub ? [having(one, sub.name, undefined)] : []
    })
  const parsed = sub
    ? parseValue(sub, value, `${attribute.name}.`)
    : parseData(objectOf(value), subs, `${attribute.name}.`)
  const change = (one: Data): Data => (sub ? having(one, sub.name, parsed) : { ...one, ...dataOf(parsed) })
  // No value matches yet: Entra adds work addresses this way.
  if (!isChosen.includes(true)) return joined(values, [change(impliedBy(filter, subs))])
  return onePrimary(
    values.map((one, at) => (isChosen[at] ? change(one) : one)),
    isChosen,
  )
}

/**
 * @returns a value that satisfies a filter of equalities
 * @throws AppError scim_target for any other filter
 */
function impliedBy(filter: Filter, subs: readonly Attribute[]): Data {
  if (filter.kind === 'compare' && filter.operator === 'eq') return parseData({ [filter.path]: filter.value }, subs)
  if (filter.kind === 'and') return Object.assign({}, ...filter.of.map((one) => impliedBy(one, subs)))
  throw scimFailure('scim_target', 'No value matches the path.')
}

const having = (data: Data, name: string, value: Value | undefined): Data => {
  const { [name]: _, ...rest } = data
  return value === undefined ? rest : { ...rest, [name]: value }
}

function assign(container: Data, name: string, value: Value | undefined): void {
  const left = value !== undefined && isList(value) ? value.filter((one) => Object.keys(one).length > 0) : value
  if (left !== undefined && isList(left)) assertBounded(name, left)
  if (left === undefined || (typeof left === 'object' && Object.keys(left).length === 0)) delete container[name]
  else container[name] = left
}

/** Checked after each operation: the cost of a thousand operations would otherwise grow quadratically. */
function assertBounded(name: string, values: readonly Data[]): void {
  if (values.length > maxValues)
    throw scimFailure('scim_value', `${name}: more than ${maxValues} values aren’t supported.`)
  if (JSON.stringify(values).length > maxTotalLength)
    throw scimFailure('scim_value', `${name}: more than ${maxTotalLength} characters aren’t supported.`)
}

const isValued = (one: Data): boolean => own(one, 'value') !== undefined

/** Compares the types of two elements with the same value. */
const sameType = (a: Data, b: Data): boolean =>
  (own(a, 'type') ?? own(b, 'type')) === (own(b, 'type') ?? own(a, 'type'))

function without(values: readonly Data[], gone: readonly Data[]): Data[] {
  const [valued, others] = [gone.filter(isValued), gone.filter((one) => !isValued(one))]
  const texts = new Set(others.map((one) => JSON.stringify(one)))
  return values.filter((one) =>
    isValued(one)
      ? !valued.some((other) => own(one, 'value') === own(other, 'value') && sameType(one, other))
      : !texts.has(JSON.stringify(one)),
  )
}

/** An added value replaces its duplicate and, if primary, unsets the previous primary value. */
function joined(values: readonly Data[], added: readonly Data[]): Data[] {
  const kept = without(values, added)
  const all = [...kept, ...added]
  return onePrimary(
    all,
    all.map((_, at) => at >= kept.length),
  )
}

/** RFC 7644, section 3.5.2: at most one value stays primary. */
function onePrimary(values: readonly Data[], isChanged: readonly boolean[]): Data[] {
  const isNew = values.some((one, at) => isChanged[at] && own(one, 'primary') === true)
  return values.map((one, at) =>
    isNew && !isChanged[at] && own(one, 'primary') === true ? { ...one, primary: false } : one,
  )
}

const listOf = (value: Value | undefined): readonly Data[] => (value !== undefined && isList(value) ? value : [])
const dataOf = (value: Value | undefined): Data => (typeof value === 'object' && !isList(value) ? value : {})
const objectAt = (data: Data, name: string): Data => ({ ...dataOf(own(data, name)) })

function objectOf(value: unknown): object {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value
  throw scimFailure('scim_value', 'The value must be an object.')
}
