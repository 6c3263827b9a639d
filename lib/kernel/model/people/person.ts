import type { PlatformRoleState } from './platform-role.ts'

/** The person making the request, as their session describes them. */
export type Actor = PlatformRoleState & {
  userId: string
  handle: string
  name: string
  email: string
  groups: readonly string[]
  /** The session in which they ask; none where nobody is signed in, as in tests. */
  sessionId?: string
}

/**
 * A person or group that a role can be given to. The `id` of a user is the handle, of a group its name. `from` says where
 * they come from: a person's provider by its name, if there is more than one; a group's, if it isn't the main one.
 */
export type Principal =
  | { kind: 'user'; id: string; name: string; email: string; from: string | null }
  | { kind: 'group'; id: string; people: number; from: { id: string; name: string } | null }
