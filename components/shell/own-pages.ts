import { useSearchParams } from 'next/navigation'
import type { IconName } from '#components/ui/icon.tsx'
import { type AdminGroup, isCurrentPage } from './admin-pages.ts'
import { ownTitle } from './own-title.ts'

export type OwnPage = {
  href: string
  label: string
  icon: IconName
  /** More words that find it in the palette. */
  also: string
  /** @param isOwnList whether the list of spaces shows only the person’s own */
  isCurrent: (path: string, isOwnList: boolean) => boolean
}

/** @returns whether the address is that of a list with only spaces in which the person has a role */
export const useIsOwnList = (): boolean => useSearchParams().get('role') === 'any'

/**
 * @param admin the pages for running Spaceport that the person may read
 * @returns the pages with a person’s own things; “Your spaces” where there is a page with everyone’s
 */
export function ownPagesFor(admin: readonly AdminGroup[]): OwnPage[] {
  const everyones = admin.flatMap(({ pages }) => pages)
  const belongsToEveryones = (path: string) => everyones.some((one) => isCurrentPage(one, path))
  const seesAllSpaces = everyones.some(({ href }) => href === '/')
  const called = (things: Parameters<typeof ownTitle>[0]) => ownTitle(things, admin.length > 0)
  const page = (href: string, label: string, icon: IconName, also: string): OwnPage => ({
    href,
    label,
    icon,
    also,
    isCurrent: (path) => isCurrentPage({ href }, path) && !belongsToEveryones(path),
  })
  return [
    {
      ...page(seesAllSpaces ? '/?role=any' : '/', called('spaces'), 'space', 'home list'),
      isCurrent: (path, isOwnList) =>
        seesAllSpaces
          ? path === '/' && isOwnList
          : isCurrentPage({ href: '/', covers: ['/spaces'] }, path) && !belongsToEveryones(path),
    },
    page('/inbox', 'Inbox', 'inbox', 'notifications waiting approvals'),
    page('/requests', called('requests'), 'check-circle', 'asked'),
    page('/credentials', called('credentials'), 'key', 'kubeconfigs tokens'),
  ]
}
