import type { TabLink } from '#components/ui/tab-links.tsx'

/** The two views of /requests. */
export const requestTabs: readonly TabLink[] = [
  { href: '/requests', label: 'Open and mine' },
  { href: '/requests/decided', label: 'Decided by me' },
]
