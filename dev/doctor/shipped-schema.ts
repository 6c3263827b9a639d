import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { projectRoot } from '#dev/project-root.ts'
import type { Pool } from '#lib/kernel/db/pool.ts'
import { bad, type Finding, good } from './finding.ts'
import { few } from './rights-of-rules.ts'
import { readSchemaFacts, type SchemaFacts, schemaFactsSchema } from './schema-facts.ts'

const page = 'docs/doctor.md, the schema'

/** What the migrations create. `dev/doctor/schema.itest.ts` writes it with `-u`. */
export const shippedSchemaFile = join(projectRoot, 'prisma', 'shipped-schema.json')

const words: Readonly<Record<keyof SchemaFacts, string>> = {
  extensions: 'extensions',
  triggers: 'triggers',
  functions: 'functions',
  indexes: 'indexes',
  policies: 'row-level policies',
  rights: 'rights',
}

/**
 * Compares triggers, functions, indexes, policies and rights with those of the migrations. Anyone with the owner’s login
 * can drop what keeps the trail append-only, or give a process more than its role.
 * @param pool of a database in which all shipped migrations and no others were run
 */
export async function checkShippedSchema(pool: Pool): Promise<Finding[]> {
  const shipped = schemaFactsSchema.parse(JSON.parse(await readFile(shippedSchemaFile, 'utf8')))
  const found = await readSchemaFacts(pool)
  const findings = schemaFactsSchema.keyof().options.flatMap((kind) => {
    const [there, expected] = [new Set(found[kind]), new Set(shipped[kind])]
    const missing = shipped[kind].filter((fact) => !there.has(fact))
    // The operator may have other extensions and indexes.
    const added = kind === 'extensions' || kind === 'indexes' ? [] : found[kind].filter((fact) => !expected.has(fact))
    return [
      ...(missing.length > 0 ? [bad(`The schema lacks ${words[kind]}: ${few(missing)}`, remedies[kind])] : []),
      ...(added.length > 0
        ? [bad(`The schema has ${words[kind]} that aren’t shipped: ${few(added)}`, remedies[kind])]
        : []),
    ]
  })
  return findings.length > 0 ? findings : [good('Triggers, functions, indexes and rights are as shipped')]
}

const restore = `find out who changed it, and restore it from prisma/migrations (${page})`
const remedies: Readonly<Record<keyof SchemaFacts, string>> = {
  extensions: `CREATE EXTENSION pg_trgm, then restore the indexes that went with it (${page})`,
  triggers: restore,
  functions: restore,
  indexes: restore,
  policies: restore,
  rights: `find out who granted it, and revoke it (${page})`,
}
