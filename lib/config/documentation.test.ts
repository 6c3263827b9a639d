import { globSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { readGatewayConfig, readMigrationConfig, readWebConfig, readWorkerConfig } from './config.ts'
import { ConfigurationError, variables } from './environment.ts'

const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8')

/** The rows of the first tables: name → its other cells. */
const rows = new Map(
  page
    .slice(0, page.indexOf('\n## '))
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .map(([, name = '', ...cells]) => [name.replaceAll('`', ''), cells] as const),
)

/** @returns the names of the variables that a process reads */
function namesReadBy(read: (environment: Record<string, string | undefined>) => unknown): Set<string> {
  const names = new Set<string>()
  const empty: Record<string, undefined> = {}
  const spy = new Proxy(empty, {
    get: (_target, name) => {
      names.add(String(name))
      return undefined
    },
  })
  try {
    read(spy)
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error
  }
  return names
}

test('the page has exactly the variables of the code', () => {
  expect([...rows.keys()].sort()).toEqual(Object.keys(variables).sort())
})

test.each(Object.entries(variables))(
  '%s is documented with its expected value, default and example',
  (name, variable) => {
    const [, what, fallback, example] = rows.get(name) ?? []
    expect(what?.startsWith(variable.expected)).toBe(true)
    const given = 'fallback' in variable ? variable.fallback : undefined
    expect(fallback).toBe(given === undefined ? '' : given === '' ? 'empty' : `\`${given}\``)
    expect(example?.replaceAll('`', '')).toBe(variable.example.replaceAll('`', ''))
  },
)

test.each(Object.entries(variables))('%s lists each accepted word', (_name, { schema, expected }) => {
  const words = schema instanceof z.ZodEnum ? schema.options : []
  for (const word of words) expect(expected).toMatch(new RegExp(`(^|[ ,])${word}($|[ ,:])`))
})

test('every variable for development is used in the code', () => {
  const table = page.slice(page.indexOf('\n## For development only'))
  const documented = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name = '']) => name)
  expect(documented).not.toEqual([])
  const files = globSync('{dev,bench,e2e}/**/*.{ts,mjs}').map((file) => readFileSync(file, 'utf8'))
  for (const name of documented) expect(files.some((text) => text.includes(name))).toBe(true)
})

test('the page says which process reads what', () => {
  const readers = [
    ['web', namesReadBy(readWebConfig)],
    ['gateway', namesReadBy(readGatewayConfig)],
    ['worker', namesReadBy(readWorkerConfig)],
    ['migrate', namesReadBy(readMigrationConfig)],
  ] as const
  for (const [name, [by]] of rows)
    expect(`${name}: ${by}`).toBe(
      `${name}: ${readers
        .filter(([, names]) => names.has(name))
        .map(([process]) => process)
        .join(', ')}`,
    )
})

const guides = globSync(['docs/{clusters,identity-providers}/*.md', 'docs/{install,own-cluster}.md'])

test.each(guides)('%s names only variables that exist', (guide) => {
  const named = readFileSync(guide, 'utf8').match(
    /\b(?:SPACEPORT|OIDC|SCIM|GATEWAY|WORKER|SMTP|DATABASE|NEXTAUTH)_[A-Z_]+/g,
  )
  expect(named).not.toBeNull()
  expect(named?.filter((name) => !Object.hasOwn(variables, name))).toEqual([])
})
