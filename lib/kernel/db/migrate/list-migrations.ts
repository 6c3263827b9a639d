import { readdir, readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'

const ours = fileURLToPath(new URL('../../../../prisma/migrations', import.meta.url))

export type Migration = { name: string; sql: string }

/**
 * @param directory of another release; default: this one's
 * @returns all migrations, oldest first
 */
export async function listMigrations(directory = ours): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const names = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
  return Promise.all(
    names.map(async (name) => ({ name, sql: await readFile(`${directory}/${name}/migration.sql`, 'utf8') })),
  )
}
