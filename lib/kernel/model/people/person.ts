import type { PlatformRoleState } from './platform-role.ts'

export type Actor = PlatformRoleState & {
  userId: string
  handle: string
  name: string
  email: string
  groups: readonly string[]
  /** The session of the request; absent when no one is signed in, as in tests. */
  sessionId?: string
}

/**
 * A person or group that can be given a role. `id`: a handle or a group's name. `from`: a person's provider, if there
 * are several; a group's provider, if it isn't the main one.
 */
export type Principal =
  | { kind: 'user'; id: string; name: string; email: string; from: string | null }
  | { kind: 'group'; id: string; people: number; from: { id: string; name: string } | null }
