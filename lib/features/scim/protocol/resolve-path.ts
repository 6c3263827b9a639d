import { type Attribute, findAttribute } from './attribute.ts'
import type { Filter } from './filter.ts'
import { parsePath } from './parse-filter.ts'
import { scimFailure } from './scim-failure.ts'
import { enterprise, enterpriseAttributes, ignoredAttributes } from './user-schema.ts'

/**
 * The target of an operation: an attribute of the user or the extension, optionally a filter of its values, and a
 * sub-attribute.
 */
export type Target = {
  inExtension: boolean
  attribute: Attribute
  filter: Filter | null
  sub: Attribute | null
}

const extension = enterprise.name.toLowerCase()

/**
 * @returns the target of a path in a user; null for known attributes that are ignored
 * @throws AppError scim_path, scim_mutability
 */
export function resolvePath(text: string, attributes: readonly Attribute[]): Target | null {
  const path = parsePath(text)
  if (path.attribute === extension && path.filter === null)
    return { inExtension: false, attribute: enterprise, filter: null, sub: null }
  const inExtension = path.attribute.startsWith(`${extension}:`)
  const [name = '', part, ...more] = (inExtension ? path.attribute.slice(extension.length + 1) : path.attribute).split(
    '.',
  )
  if (!inExtension && isIgnored(name)) return null
  const attribute = findAttribute(inExtension ? enterpriseAttributes : attributes, name)
  if (!attribute) throw unknown(text, name)
  const { filter } = path
  const subName = filter ? path.sub : (part ?? null)
  const sub = subName === null ? null : (findAttribute(attribute.subAttributes, subName) ?? null)
  const isStrange = more.length > 0 || (filter !== null && (part !== undefined || !attribute.multiValued))
  if (isStrange || (subName !== null && !sub)) throw unknown(text, name)
  if (attribute.mutability === 'readOnly' || sub?.mutability === 'readOnly')
    throw scimFailure('scim_mutability', `“${text}” can’t be changed here.`)
  return { inExtension, attribute, filter, sub }
}

const isIgnored = (name: string): boolean =>
  name === 'schemas' || ignoredAttributes.some((ignored) => ignored.toLowerCase() === name)

function unknown(text: string, name: string) {
  if (name === 'id' || name === 'meta') return scimFailure('scim_mutability', `“${text}” can’t be changed.`)
  return scimFailure('scim_path', `There is no attribute “${text}”.`)
}
