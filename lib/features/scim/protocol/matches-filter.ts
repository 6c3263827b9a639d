import { type Attribute, type Data, findAttribute, own } from './attribute.ts'
import type { Filter } from './filter.ts'
import { scimFailure } from './scim-failure.ts'

/**
 * @param attributes the sub-attributes of an element
 * @returns whether a value of a multi-valued attribute matches a filter in a patch
 * @throws AppError scim_path for an unknown attribute, or an operator that patches don't need
 */
export function matchesFilter(filter: Filter, element: Data, attributes: readonly Attribute[]): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.of.every((one) => matchesFilter(one, element, attributes))
    case 'or':
      return filter.of.some((one) => matchesFilter(one, element, attributes))
    case 'not':
      return !matchesFilter(filter.of, element, attributes)
    case 'present':
      return own(element, nameOf(filter.path, attributes)) !== undefined
    case 'compare': {
      const value = own(element, nameOf(filter.path, attributes)) ?? null
      if (filter.operator !== 'eq' && filter.operator !== 'ne')
        throw scimFailure('scim_path', `Paths can select values with eq or ne, not with ${filter.operator}.`)
      return (folded(value) === folded(filter.value)) === (filter.operator === 'eq')
    }
    case 'element':
      throw scimFailure('scim_path', 'Paths can’t select values within values.')
  }
}

const folded = (value: unknown): unknown => (typeof value === 'string' ? value.toLowerCase() : value)

function nameOf(path: string, attributes: readonly Attribute[]): string {
  const attribute = findAttribute(attributes, path)
  if (!attribute) throw scimFailure('scim_path', `There is no attribute “${path}” here.`)
  return attribute.name
}
