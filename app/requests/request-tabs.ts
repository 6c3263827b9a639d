import type { TabLink } from '#components/ui/tab-links.tsx'
import type { PlatformRole } from '#lib/kernel/model/access/role.ts'
import { decidePermission } from '#lib/kernel/model/people/permission.ts'

/** @returns the tabs of /requests that a platform role may see */
export const requestTabs = (platformRole: PlatformRole): TabLink[] => [
  { href: '/requests', label: 'Waiting and yours' },
  { href: '/requests/decided', label: 'Decided by you' },
  ...(decidePermission('list-open-requests', { platformRole, standing: null }) === 'allowed'
    ? [{ href: '/requests/open', label: 'All open' }]
    : []),
]
