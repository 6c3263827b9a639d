'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useState } from 'react'
import type { MadeKubeconfig } from '#components/credentials/made-kubeconfig.ts'
import { InboxCount } from '#components/inbox/inbox-count.tsx'
import { SearchButton } from '#components/search/search-button.tsx'
import { Button } from '#components/ui/button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { initials } from '#components/ui/initials.ts'
import { useCurrentInView } from '#components/ui/live/use-current-in-view.ts'
import { Logo } from '#components/ui/logo.tsx'
import { Menu, MenuAction, MenuChoice, MenuGroup, MenuLink, MenuSeparator } from '#components/ui/menu.tsx'
import { type Density, densities } from '#lib/features/search/model/density.ts'
import { type Theme, themes } from '#lib/features/search/model/theme.ts'
import { activationPath } from './activation-path.ts'
import { type AdminGroup, isCurrentPage } from './admin-pages.ts'
import { AdminRoleBar } from './admin-role-bar.tsx'
import { chooseDensity, chooseTheme, chosenDensity, chosenTheme } from './choose-appearance.ts'
import { NavLink } from './nav-link.tsx'
import { ownPagesFor, useIsOwnList } from './own-pages.ts'

const themeLabels: Readonly<Record<Theme, string>> = { system: 'System', light: 'Light', dark: 'Dark' }
const densityLabels: Readonly<Record<Density, string>> = { comfortable: 'Comfortable', compact: 'Compact' }

type BrowserChoiceProps<T extends string> = {
  label: string
  labels: Readonly<Record<T, string>>
  values: readonly T[]
  chosenNow: () => T
  choose: (value: T) => Promise<void>
}

/** A choice that this browser keeps. Only rendered in an open menu, so there is a document. */
function BrowserChoice<T extends string>({ label, labels, values, chosenNow, choose }: BrowserChoiceProps<T>) {
  const [chosen, setChosen] = useState(chosenNow)
  return (
    <MenuChoice
      label={label}
      options={values.map((value) => ({ value, label: labels[value] }))}
      value={chosen}
      onChoose={(next) => {
        setChosen(next)
        void choose(next)
      }}
    />
  )
}

type Props = {
  person: { name: string; email: string }
  /** How many items are pending or unread, counted up to 100. */
  inbox: number
  /** When this data was read, in milliseconds since the epoch. */
  readAt: number
  /** The pages for running Spaceport; none for members. */
  admin: readonly AdminGroup[]
  mayActivate: boolean
  /** Until when they are one, ISO 8601; null: they aren’t, or it doesn’t end. */
  adminUntil: string | null
  isBreakGlass: boolean
  /** The company's help page for Spaceport; empty: none. */
  helpUrl: string
  version: string
  endAdminRole: FormAction
  signOutUrl: string
  makeKubeconfig: FormAction<MadeKubeconfig>
}

export function AppHeader(props: Props) {
  const { person, inbox, readAt, admin, mayActivate, adminUntil, isBreakGlass, helpUrl, version } = props
  const { endAdminRole, makeKubeconfig, signOutUrl } = props
  const path = usePathname()
  const isOwnList = useIsOwnList()
  const row = useCurrentInView<HTMLElement>(path)
  // Layouts survive navigation, so after the session has ended, the header must not show its person.
  if (path.startsWith('/sign-in')) return null
  return (
    <header className="border-b bg-surface">
      <div
        className={classNames(
          'mx-auto flex flex-wrap items-center gap-x-6 px-4 sm:px-6',
          admin.length > 0 ? 'max-w-[94rem]' : 'max-w-7xl',
        )}
      >
        <Link href="/" prefetch={false} className="flex min-h-14 items-center rounded-md" aria-label="Spaceport, home">
          <Logo />
        </Link>
        <nav
          ref={row}
          aria-label="Main"
          className={classNames(
            'order-last -mx-1 w-full scrolls-x sm:order-none sm:w-auto sm:flex-1',
            admin.length > 0 && 'lg:hidden',
          )}
        >
          <ul className="flex items-center px-1 pb-2 sm:gap-1 sm:pb-0">
            {ownPagesFor(admin).map(({ href, label, isCurrent }) => (
              <li key={href}>
                <NavLink href={href} current={isCurrent(path, isOwnList)}>
                  {label}
                  {href === '/inbox' && <InboxCount count={inbox} at={readAt} />}
                </NavLink>
              </li>
            ))}
          </ul>
        </nav>
        <div className="ml-auto flex min-w-0 flex-1 basis-0 items-center justify-end gap-1 sm:flex-none lg:gap-2">
          {admin.length > 0 && (
            <Menu
              label="Admin"
              current={admin.some(({ pages }) => pages.some((page) => isCurrentPage(page, path, isOwnList)))}
              className="noscript:hidden lg:hidden"
            >
              {admin.map(({ label, pages }) => (
                <MenuGroup key={label} label={label}>
                  {pages.map((page) => (
                    <MenuLink
                      key={page.href}
                      href={page.href}
                      icon={page.icon}
                      current={isCurrentPage(page, path, isOwnList)}
                    >
                      {page.label}
                    </MenuLink>
                  ))}
                </MenuGroup>
              ))}
            </Menu>
          )}
          <SearchButton {...{ admin, mayActivate, helpUrl, signOutUrl, makeKubeconfig }} />
          <div className="not-noscript:hidden flex items-center gap-2">
            <NavLink href="/profile" current={path === '/profile'}>
              Profile
            </NavLink>
            <form method="post" action={signOutUrl}>
              <Button type="submit" size="sm">
                Sign out
              </Button>
            </form>
          </div>
          <Menu
            label={person.name}
            short={initials(person.name)}
            className="noscript:hidden min-w-0 max-w-48 sm:max-w-64"
          >
            {person.email !== '' && <p className="truncate px-2.5 py-1.5 text-muted text-sm">{person.email}</p>}
            <MenuLink href="/profile" icon="user">
              Profile
            </MenuLink>
            {mayActivate && (
              <MenuLink href={activationPath(path)} icon="key">
                Activate admin role
              </MenuLink>
            )}
            {helpUrl !== '' && (
              <MenuLink href={helpUrl} icon="info" newTab>
                Help
              </MenuLink>
            )}
            <MenuSeparator />
            <BrowserChoice
              label="Theme"
              labels={themeLabels}
              values={themes}
              chosenNow={chosenTheme}
              choose={chooseTheme}
            />
            <MenuSeparator />
            <BrowserChoice
              label="Table rows"
              labels={densityLabels}
              values={densities}
              chosenNow={chosenDensity}
              choose={chooseDensity}
            />
            <MenuSeparator />
            <form method="post" action={signOutUrl}>
              <MenuAction icon="sign-out">Sign out</MenuAction>
            </form>
            <p className="px-2.5 pt-1 pb-1.5 text-muted text-xs">Spaceport {version}</p>
          </Menu>
        </div>
      </div>
      {adminUntil !== null && <AdminRoleBar until={adminUntil} isBreakGlass={isBreakGlass} end={endAdminRole} />}
    </header>
  )
}
