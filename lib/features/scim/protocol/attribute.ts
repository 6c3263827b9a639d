/**
 * The properties of attributes in the schemas of RFC 7643 (section 7). Parsing, filters and patches rely on these
 * tables alone.
 */
export type Attribute = {
  name: string
  description: string
  type: 'string' | 'boolean' | 'complex' | 'reference' | 'dateTime'
  multiValued: boolean
  required: boolean
  /** Whether filters compare it case-sensitively. */
  caseExact: boolean
  mutability: 'readWrite' | 'readOnly' | 'immutable'
  uniqueness: 'none' | 'server'
  subAttributes?: readonly Attribute[]
  referenceTypes?: readonly string[]
  canonicalValues?: readonly string[]
}

/** A value that the tables allow. Object keys are always attribute names. */
export type Value = string | boolean | Data | readonly Data[]
export type Data = { [name: string]: Value }

type More = Partial<Omit<Attribute, 'name' | 'description'>>

export const attribute = (name: string, description: string, more: More = {}): Attribute => ({
  name,
  description,
  type: 'string',
  multiValued: false,
  required: false,
  caseExact: false,
  mutability: 'readWrite',
  uniqueness: 'none',
  ...more,
})

export const complex = (name: string, description: string, subAttributes: readonly Attribute[], more: More = {}) =>
  attribute(name, description, { type: 'complex', subAttributes, ...more })

/** @returns the attribute with a name, in any case (RFC 7643, section 2.1) */
export function findAttribute(attributes: readonly Attribute[] | undefined, name: string): Attribute | undefined {
  const wanted = name.toLowerCase()
  return attributes?.find((one) => one.name.toLowerCase() === wanted)
}

/** @returns the value's own property of that name, never an inherited one */
export const own = (data: Data, name: string): Value | undefined => (Object.hasOwn(data, name) ? data[name] : undefined)
