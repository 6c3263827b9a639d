/**
 * Reads a resource using the tables of its schema. Everything else is dropped, so a key in a body never becomes a key
 * of an internal object.
 */
import { isPlainText } from '#lib/kernel/model/plain-text.ts'
import { type Attribute, type Data, findAttribute, own, type Value } from './attribute.ts'
import { scimFailure } from './scim-failure.ts'

const maxTextLength = 1_000
/** Values of one attribute. */
export const maxValues = 50

/**
 * @param given a JSON object
 * @returns the writable values, by the attribute names in the tables; read-only ones are dropped
 * @throws AppError scim_value
 */
export function parseData(given: object, attributes: readonly Attribute[], within = ''): Data {
  const data: Data = {}
  for (const [key, value] of Object.entries(given)) {
    const attribute = findAttribute(attributes, key)
    if (!attribute || attribute.mutability === 'readOnly') continue
    const parsed = parseValue(attribute, value, within)
    if (parsed !== undefined) data[attribute.name] = parsed
  }
  return data
}

/** @returns undefined for unassigned values (RFC 7643, section 2.5) */
export function parseValue(attribute: Attribute, value: unknown, within = ''): Value | undefined {
  const name = within + attribute.name
  if (value === null || value === undefined) return undefined
  if (!attribute.multiValued) return parseOne(attribute, value, name)
  const values = Array.isArray(value) ? value : [value]
  if (values.length > maxValues) throw wrong(name, `more than ${maxValues} values aren’t supported`)
  const parsed = values.flatMap((one) => {
    const element = parseOne(attribute, one, name)
    return typeof element === 'object' && !isList(element) ? [element] : []
  })
  if (parsed.filter((element) => own(element, 'primary') === true).length > 1)
    throw wrong(name, 'only one value can be primary')
  return parsed.length === 0 ? undefined : parsed
}

function parseOne(attribute: Attribute, value: unknown, name: string): Value | undefined {
  switch (attribute.type) {
    case 'complex':
      return parseComplex(attribute, value, name)
    case 'boolean':
      return parseBoolean(value, name)
    default:
      return parseText(value, name)
  }
}

function parseComplex(attribute: Attribute, value: unknown, name: string): Data | undefined {
  // Some providers send the value of a manager as plain text.
  const given = typeof value === 'string' && findAttribute(attribute.subAttributes, 'value') ? { value } : value
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw wrong(name, 'it must be an object')
  const data = parseData(given, attribute.subAttributes ?? [], `${name}.`)
  return Object.keys(data).length === 0 ? undefined : data
}

/** Entra sends "True" and "False". */
function parseBoolean(value: unknown, name: string): boolean {
  if (typeof value === 'boolean') return value
  const text = typeof value === 'string' ? value.toLowerCase() : undefined
  if (text !== 'true' && text !== 'false') throw wrong(name, 'it must be true or false')
  return text === 'true'
}

function parseText(value: unknown, name: string): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string') throw wrong(name, 'it must be a string')
  if (text.length > maxTextLength) throw wrong(name, `it is longer than ${maxTextLength} characters`)
  if (!isPlainText(text)) throw wrong(name, 'it contains control characters')
  return text === '' ? undefined : text
}

export const isList = (value: Value): value is readonly Data[] => Array.isArray(value)

const wrong = (name: string, why: string) => scimFailure('scim_value', `${name}: ${why}.`)
