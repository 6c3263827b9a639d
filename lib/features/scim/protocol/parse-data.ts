/**
 * Reads a resource by the tables of its schema. What they don't name is left out, so no key of a body ever becomes a key
 * of ours.
 */
import { isPlainText } from '#lib/kernel/model/plain-text.ts'
import { type Attribute, type Data, findAttribute, own, type Value } from './attribute.ts'
import { scimFailure } from './scim-failure.ts'

const maxTextLength = 1_000
/** Of one attribute. */
export const maxValues = 50

/**
 * @param given a JSON object
 * @returns the values that may be written, by the names of the tables; those that can't be are left out
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

/** @returns undefined for what counts as unassigned (RFC 7643, section 2.5) */
export function parseValue(attribute: Attribute, value: unknown, within = ''): Value | undefined {
  const name = within + attribute.name
  if (value === null || value === undefined) return undefined
  if (!attribute.multiValued) return parseOne(attribute, value, name)
  const values = Array.isArray(value) ? value : [value]
  if (values.length > maxValues) throw wrong(name, `more than ${maxValues} values aren’t kept`)
  const parsed = values.flatMap((one) => {
    const element = parseOne(attribute, one, name)
    return typeof element === 'object' && !isList(element) ? [element] : []
  })
  if (parsed.filter((element) => own(element, 'primary') === true).length > 1)
    throw wrong(name, 'only one value can be the primary one')
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
  // A lone text stands for the value: what some providers send for a manager.
  const given = typeof value === 'string' && findAttribute(attribute.subAttributes, 'value') ? { value } : value
  if (typeof given !== 'object' || given === null || Array.isArray(given)) throw wrong(name, 'an object is expected')
  const data = parseData(given, attribute.subAttributes ?? [], `${name}.`)
  return Object.keys(data).length === 0 ? undefined : data
}

/** Entra sends "True" and "False". */
function parseBoolean(value: unknown, name: string): boolean {
  if (typeof value === 'boolean') return value
  const word = typeof value === 'string' ? value.toLowerCase() : undefined
  if (word !== 'true' && word !== 'false') throw wrong(name, 'true or false is expected')
  return word === 'true'
}

function parseText(value: unknown, name: string): string | undefined {
  const text = typeof value === 'number' ? String(value) : value
  if (typeof text !== 'string') throw wrong(name, 'a text is expected')
  if (text.length > maxTextLength) throw wrong(name, `it is longer than ${maxTextLength} characters`)
  if (!isPlainText(text)) throw wrong(name, 'it contains control characters')
  return text === '' ? undefined : text
}

export const isList = (value: Value): value is readonly Data[] => Array.isArray(value)

const wrong = (name: string, why: string) => scimFailure('scim_value', `${name}: ${why}.`)
