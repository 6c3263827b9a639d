import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const schema = z.object({ superuser: z.string(), owner: z.string(), application: z.string() })
export type Passwords = z.infer<typeof schema>

/** The passwords of a local Postgres: made once, then read from the file, which only its owner may read. */
export function keepPasswords(file: string): Passwords {
  if (existsSync(file)) return schema.parse(JSON.parse(readFileSync(file, 'utf8')))
  const random = () => randomBytes(24).toString('base64url')
  const passwords = { superuser: random(), owner: random(), application: random() }
  writeFileSync(file, JSON.stringify(passwords), { mode: 0o600 })
  return passwords
}
