import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'

const node = z.looseObject({
  $ref: z.string().optional(),
  type: z.unknown().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  additionalProperties: z.unknown().optional(),
  patternProperties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
})
type Node = z.infer<typeof node>

/** One value of a chart, or one kind of item or key. */
export type Leaf = {
  /** Steps from the top; 0 is an item of a list, and `k` or `cpu` a key of a map. */
  path: string[]
  /** Its name in the table of bad values: from the nearest shared definition on, or else its path. */
  key: string
  what: 'value' | 'name of a key'
}
export type SchemaShape = {
  leaves: Leaf[]
  /** Objects that refuse unknown keys, and those that accept any. */
  closed: string[][]
  open: string[]
}

/** @returns every value in a chart's values.schema.json */
export function readSchema(chart: string): SchemaShape {
  const schema = z
    .looseObject({ $defs: z.record(z.string(), z.unknown()).default({}) })
    .parse(JSON.parse(readFileSync(join(chart, 'values.schema.json'), 'utf8')))
  const shape: SchemaShape = { leaves: [], closed: [], open: [] }

  function visit(given: unknown, path: string[], key: string): void {
    const here = node.parse(given)
    if (here.$ref !== undefined) {
      const name = here.$ref.replace('#/$defs/', '')
      visit(schema.$defs[name], path, name)
    } else if (here.type === 'array') visit(here.items, [...path, '0'], below(key, '0'))
    else if (isObject(here)) visitObject(here, path, key)
    else shape.leaves.push({ path, key, what: 'value' })
  }

  function visitObject(here: Node, path: string[], key: string): void {
    const step = (name: string) => below(key, name)
    for (const [name, of] of Object.entries(here.properties ?? {}))
      if (of !== false) visit(of, [...path, name], step(name))
    const patterns = Object.entries(here.patternProperties ?? {})
    for (const [pattern, of] of patterns) {
      shape.leaves.push({ path, key: step('{}'), what: 'name of a key' })
      visit(of, [...path, new RegExp(pattern).test('k') ? 'k' : 'cpu'], step('k'))
    }
    if (here.additionalProperties !== false) shape.open.push(key)
    else if (patterns.length === 0) shape.closed.push(path)
  }
  visit(schema, [], '')
  return shape
}

const below = (key: string, name: string): string => (key === '' ? name : `${key}.${name}`)

const isObject = ({ type, properties }: Node): boolean =>
  properties !== undefined || type === 'object' || (Array.isArray(type) && type.includes('object'))

/** Sets a value deep in `values`, and creates the objects and lists on the way. */
export function setAt(values: Record<string, unknown>, path: readonly string[], value: unknown): void {
  const [first = '', ...rest] = path
  if (rest.length === 0) {
    values[first] = value
    return
  }
  values[first] ??= rest[0] === '0' ? [] : {}
  setAt(values[first] as Record<string, unknown>, rest, value)
}
