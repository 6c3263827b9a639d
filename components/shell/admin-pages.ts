import type { IconName } from '#components/ui/icon.tsx'
import { decidePermission, type PlatformPermission, type Subject } from '#lib/kernel/model/people/permission.ts'

export type AdminPage = {
  href: string
  label: string
  icon: IconName
  /** More words that find it in the palette. */
  also: string
  /** Paths of pages that belong to it, as those below them do. `*` is one part. */
  covers: readonly string[]
}

/** Pages for running Spaceport, as data for the browser. */
export type AdminGroup = { label: string; pages: readonly AdminPage[] }

type RoleState = Omit<Subject, 'standing'>
type Listed = readonly [
  href: string,
  label: string,
  icon: IconName,
  also: string,
  permission: PlatformPermission,
  more?: { covers?: readonly string[]; unless?: PlatformPermission },
]

const groups: Readonly<Record<string, readonly Listed[]>> = {
  Operate: [
    ['/admin', 'Overview', 'activity', 'figures attention', 'read-overview'],
    ['/requests/open', 'Requests', 'check-circle', 'everyone open approvals', 'list-open-requests'],
    ['/', 'Spaces', 'space', 'everyone home list', 'export-spaces', { covers: ['/spaces'] }],
    // Auditors see every space’s access, not what is inside.
    [
      '/admin/access',
      'Spaces',
      'space',
      'everyone access who',
      'read-access-report',
      { covers: ['/spaces/*/access/report'], unless: 'export-spaces' },
    ],
    ['/admin/clusters', 'Clusters', 'cluster', 'nodes room capacity fences kubernetes version', 'list-clusters'],
  ],
  People: [
    ['/admin/people', 'People', 'users', 'users access', 'list-people'],
    ['/admin/reviews', 'Reviews', 'list-check', 'access', 'list-reviews'],
    ['/admin/provisioning', 'Provisioning', 'refresh', 'scim', 'list-provisioning-tokens'],
  ],
  Govern: [
    ['/admin/policy', 'Policy', 'lock', 'limits approval', 'read-policy'],
    ['/admin/credentials', 'Credentials', 'key', 'everyone kubeconfigs tokens', 'list-all-credentials'],
    [
      '/audit',
      'Audit trail',
      'rows',
      'trail log',
      'list-audit',
      { covers: ['/audit/events', '/audit/spaces', '/audit/credentials'] },
    ],
    ['/audit/exports', 'Exports & integrity', 'download', 'audit trail chain siem access report csv', 'export-audit'],
  ],
}

/** @returns the pages for running Spaceport that a person may read, in groups; none for members */
export function adminGroupsFor(roleState: RoleState): AdminGroup[] {
  const may = (permission: PlatformPermission) =>
    decidePermission(permission, { ...roleState, standing: null }) === 'allowed'
  return Object.entries(groups).flatMap(([label, listed]) => {
    const pages = listed.flatMap(([href, text, icon, also, permission, { covers = [], unless } = {}]) =>
      may(permission) && !(unless && may(unless)) ? [{ href, label: text, icon, also, covers }] : [],
    )
    return pages.length > 0 ? [{ label, pages }] : []
  })
}

export const readsAudit = (admin: readonly AdminGroup[]): boolean =>
  admin.some(({ pages }) => pages.some(({ href }) => href === '/audit'))

/** Pages below these are pages of their own. */
const alone = ['/', '/admin', '/audit']

/**
 * @param isOwnList whether the list of spaces shows only the person’s own, which is another page
 * @returns whether the page at a path is this one, or belongs to it
 */
export function isCurrentPage(
  { href, covers = [] }: { href: string; covers?: readonly string[] },
  path: string,
  isOwnList = false,
) {
  if (path === '/' && isOwnList) return false
  const below = (base: string) => new RegExp(`^${base.replaceAll('*', '[^/]+')}(/|$)`).test(path)
  return (alone.includes(href) ? path === href : below(href)) || covers.some(below)
}
