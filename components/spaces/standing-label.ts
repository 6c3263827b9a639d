import type { Standing } from '#lib/domain/role.ts'

/** What a person is to a space, in a word; null: a platform admin who is not in it. */
export const standingLabel = (standing: Standing | null): string =>
  standing === null
    ? 'Not a member'
    : ({ owner: 'Owner', admin: 'Admin', editor: 'Editor', viewer: 'Viewer' } as const)[standing]

/** What each role may do, for whoever chooses one. */
export const roleSummaries = {
  viewer: 'Reads everything but secrets, and logs.',
  editor: 'Also changes workloads, config and secrets, and gets into pods.',
  admin: 'Also manages members, and roles for service accounts inside.',
} as const
