import type { PlatformRole } from './role.ts'

/** The person who asks, as their session says. */
export type Actor = {
  userId: string
  handle: string
  name: string
  email: string
  platformRole: PlatformRole
  groups: readonly string[]
}

/** Whom a grant can be given to. `id` of a user is the handle, of a group its name. */
export type Principal =
  | { kind: 'user'; id: string; name: string; email: string }
  | { kind: 'group'; id: string; people: number }
