import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { z } from 'zod'
import { readPeople } from '#dev/idp/people.ts'

const schema = z.array(z.object({ username: z.string(), password: z.string() }))
export type DemoLogin = z.infer<typeof schema>[number]

/**
 * Gives the demo people unguessable passwords: created once, kept in a file that only its owner may read and that the
 * identity provider reads as its people file.
 */
export function keepDemoPeople(file: string): DemoLogin[] {
  if (existsSync(file)) return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
  const logins = readPeople(undefined).map(({ username }) => ({
    username,
    password: randomBytes(12).toString('base64url'),
  }))
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, JSON.stringify(logins), { mode: 0o600 })
  return logins
}
