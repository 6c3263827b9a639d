import { createHash, timingSafeEqual } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { z } from 'zod'

export type Person = {
  username: string
  password: string
  /** The subject in tokens: stable and opaque. */
  sub: string
  name: string
  email: string
  /** Null leaves the claim out. */
  emailVerified: boolean | 'true' | null
  /** Null leaves the claim out, as some providers do for people without groups. */
  groups: string[] | null
}

const sha256 = (text: string) => createHash('sha256').update(text).digest()
export const subjectOf = (username: string) => sha256(`spaceport development ${username}`).toString('hex').slice(0, 32)

const demoPerson = (username: string, name: string, groups: string[]): Person => ({
  username,
  password: username,
  sub: subjectOf(username),
  name,
  email: `${username}@example.com`,
  emailVerified: true,
  groups,
})

const demoPeople: readonly Person[] = [
  demoPerson('alice', 'Alice Example', ['team-blue']),
  demoPerson('bob', 'Bob Example', ['team-blue']),
  demoPerson('carol', 'Carol Example', ['platform-admins']),
  demoPerson('dave', 'Dave Example', ['auditors']),
  demoPerson('erin', 'Erin Example', []),
]

const fileSchema = z.array(
  z.strictObject({
    username: z.string().regex(/^[a-z][-a-z0-9]{0,40}$/),
    password: z.string().min(1).optional(),
    sub: z.string().min(1).optional(),
    name: z.string().optional(),
    email: z.string().optional(),
    emailVerified: z
      .union([z.boolean(), z.literal('true')])
      .nullable()
      .optional(),
    groups: z.array(z.string()).nullable().optional(),
  }),
)
/** One entry of a people file; omitted fields come from the demo person of that name. */
export type PersonEntry = z.input<typeof fileSchema>[number]

const capitalize = (word: string) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`

/**
 * @param file adds people to the demo ones and replaces those of the same name. It is read at each call, so that a test
 * may change a person's groups.
 */
export function readPeople(file: string | undefined): Person[] {
  const people = new Map(demoPeople.map((person) => [person.username, person]))
  if (file !== undefined && existsSync(file)) {
    for (const entry of fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')))) {
      const { username } = entry
      const base = people.get(username) ?? demoPerson(username, `${capitalize(username)} Example`, [])
      people.set(username, {
        username,
        password: entry.password ?? base.password,
        sub: entry.sub ?? base.sub,
        name: entry.name ?? base.name,
        email: entry.email ?? base.email,
        emailVerified: entry.emailVerified === undefined ? base.emailVerified : entry.emailVerified,
        groups: entry.groups === undefined ? base.groups : entry.groups,
      })
    }
  }
  return [...people.values()]
}

/** @returns the person with this name and password */
export function findByPassword(people: readonly Person[], username: string, password: string): Person | undefined {
  const person = people.find((one) => one.username === username.trim().toLowerCase())
  const matches = timingSafeEqual(sha256(person?.password ?? ''), sha256(password))
  return matches ? person : undefined
}

/** @returns the claims of a person's tokens and userinfo */
export const claimsOf = (person: Person) => ({
  sub: person.sub,
  name: person.name,
  preferred_username: person.username,
  email: person.email,
  ...(person.emailVerified !== null && { email_verified: person.emailVerified }),
  ...(person.groups !== null && { groups: person.groups }),
})
