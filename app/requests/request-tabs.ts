import type { TabLink } from '#components/ui/tab-links.tsx'

export const requestTabs: readonly TabLink[] = [
  { href: '/requests', label: 'Yours' },
  { href: '/requests/decided', label: 'Decided by you' },
]
