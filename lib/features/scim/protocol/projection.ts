import type { Resource } from './render.ts'
import { coreGroup, coreUser } from './urns.ts'

/** The attributes to return (RFC 7644, section 3.4.2.5), in lower case. */
export type Projection = { only: readonly string[] | null; without: readonly string[] }

const cores = [coreUser, coreGroup].map((urn) => `${urn.toLowerCase()}:`)
const maxNames = 100

/** @returns the projection of the parameters `attributes` and `excludedAttributes` */
export function parseProjection(params: URLSearchParams): Projection {
  const only = namesOf(params.get('attributes'))
  return { only: only.length > 0 ? only : null, without: namesOf(params.get('excludedAttributes')) }
}

/** @returns whether all or part of an attribute is requested */
export const wants = ({ only, without }: Projection, name: string): boolean =>
  only ? only.some((one) => one === name || one.startsWith(`${name}.`)) : !without.includes(name)

/** @returns a resource with the requested attributes; `id` and `schemas` are always included */
export function project(resource: Resource, { only, without }: Projection): Resource {
  const { schemas, id, ...rest } = resource
  const kept = only ? pick(rest, only) : omit(rest, without)
  return { schemas, id, ...kept }
}

type Values = Readonly<Record<string, unknown>>

function pick(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => {
      const name = key.toLowerCase()
      if (names.includes(name)) return [[key, value]]
      const parts = partsOf(names, name)
      return parts.length === 0 ? [] : [[key, ofEach(value, (one) => pick(one, parts))]]
    }),
  )
}

function omit(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(
    Object.entries(values).flatMap(([key, value]) => {
      const name = key.toLowerCase()
      if (names.includes(name)) return []
      const parts = partsOf(names, name)
      return [[key, parts.length === 0 ? value : ofEach(value, (one) => omit(one, parts))]]
    }),
  )
}

/** The sub-attributes that the projection names, as `name.givenName`, or `urn:…:User:department` for an extension. */
const partsOf = (names: readonly string[], name: string): string[] =>
  names
    .filter((one) => one.startsWith(`${name}.`) || one.startsWith(`${name}:`))
    .map((one) => one.slice(name.length + 1))

function ofEach(value: unknown, change: (one: Values) => Values): unknown {
  if (Array.isArray(value)) return value.map((one) => ofEach(one, change))
  return typeof value === 'object' && value !== null ? change({ ...value }) : value
}

function namesOf(text: string | null): string[] {
  const names = (text ?? '').split(',').slice(0, maxNames)
  return names.flatMap((given) => {
    const name = given.trim().toLowerCase()
    const core = cores.find((urn) => name.startsWith(urn))
    const bare = core === undefined ? name : name.slice(core.length)
    return bare === '' ? [] : [bare]
  })
}
