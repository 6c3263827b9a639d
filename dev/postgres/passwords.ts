import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { z } from 'zod'

const names = ['superuser', 'owner', 'web', 'worker', 'gateway'] as const
const schema = z.partialRecord(z.enum(names), z.string())
export type Passwords = Record<(typeof names)[number], string>

/** The passwords of a local Postgres: created once, then read from the file, which only its owner may read. */
export function keepPasswords(file: string): Passwords {
  const kept = existsSync(file) ? schema.parse(JSON.parse(readFileSync(file, 'utf8'))) : {}
  const of = (name: (typeof names)[number]) => kept[name] ?? randomBytes(24).toString('base64url')
  const passwords = {
    superuser: of('superuser'),
    owner: of('owner'),
    web: of('web'),
    worker: of('worker'),
    gateway: of('gateway'),
  }
  writeFileSync(file, JSON.stringify(passwords), { mode: 0o600 })
  return passwords
}
