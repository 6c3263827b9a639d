import type { TabLink } from '#components/ui/tab-links.tsx'

/** The two views of /requests. */
export const requestTabs: readonly TabLink[] = [
  { href: '/requests', label: 'Waiting and yours' },
  { href: '/requests/decided', label: 'Decided by you' },
]
