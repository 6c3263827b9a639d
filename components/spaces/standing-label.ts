import type { Standing } from '#lib/kernel/model/access/role.ts'

/** A person's role in a space in a word; null: a platform admin who isn't a member. */
export const standingLabel = (standing: Standing | null): string =>
  standing === null
    ? 'Not a member'
    : ({ owner: 'Owner', admin: 'Admin', editor: 'Editor', viewer: 'Viewer' } as const)[standing]

/** What each role may do, to help choose one. */
export const roleSummaries = {
  viewer: 'Can see everything, including logs, but not secrets.',
  editor: 'Can see everything, change workloads, config and secrets, and open a shell in pods.',
  admin:
    'Can do what an editor can, and manage members. Without an end date, can also manage Roles and RoleBindings on the cluster.',
} as const
