'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { type ReactNode, useState } from 'react'
import type { MadeKubeconfig } from '#components/credentials/made-kubeconfig.ts'
import { InboxCount } from '#components/inbox/inbox-count.tsx'
import { SearchButton } from '#components/search/search-button.tsx'
import { classNames } from '#components/ui/class-names.ts'
import type { FormAction } from '#components/ui/form/action-form.tsx'
import { LinkPending } from '#components/ui/link-pending.tsx'
import { useCurrentInView } from '#components/ui/live/use-current-in-view.ts'
import { Logo } from '#components/ui/logo.tsx'
import { Menu, MenuAction, MenuChoice, MenuLink, MenuSeparator } from '#components/ui/menu.tsx'
import { type Density, densities } from '#lib/features/search/model/density.ts'
import { type Theme, themes } from '#lib/features/search/model/theme.ts'
import { activationPath } from './activation-path.ts'
import { AdminRoleBar } from './admin-role-bar.tsx'
import { chooseDensity, chooseTheme, chosenDensity, chosenTheme } from './choose-appearance.ts'

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
  showAudit: boolean
  showAdmin: boolean
  showClusters: boolean
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
  const {
    person,
    inbox,
    readAt,
    showAudit,
    showAdmin,
    showClusters,
    mayActivate,
    adminUntil,
    isBreakGlass,
    helpUrl,
    version,
  } = props
  const { endAdminRole, makeKubeconfig, signOutUrl } = props
  const path = usePathname()
  const row = useCurrentInView<HTMLElement>(path)
  // Layouts survive navigation, so after the session has ended, the header must not show its person.
  if (path.startsWith('/sign-in')) return null
  return (
    <header className="border-b bg-surface">
      <div className="mx-auto flex max-w-7xl flex-wrap items-center gap-x-6 px-4 sm:px-6">
        <Link href="/" prefetch={false} className="flex min-h-14 items-center rounded-md" aria-label="Spaceport, home">
          <Logo />
        </Link>
        <nav
          ref={row}
          aria-label="Main"
          className="order-last -mx-1 w-full overflow-x-auto sm:order-none sm:w-auto sm:flex-1"
        >
          <ul className="flex items-center px-1 pb-2 sm:gap-1 sm:pb-0">
            <li>
              <NavLink href="/" also="/spaces">
                Spaces
              </NavLink>
            </li>
            <li>
              <NavLink href="/inbox">
                Inbox
                <InboxCount count={inbox} at={readAt} />
              </NavLink>
            </li>
            <li>
              <NavLink href="/requests">Requests</NavLink>
            </li>
            <li>
              <NavLink href="/credentials">Credentials</NavLink>
            </li>
            {showAudit && (
              <li>
                <NavLink href="/audit">Audit</NavLink>
              </li>
            )}
            {showAdmin && (
              <li>
                <NavLink href="/admin">Admin</NavLink>
              </li>
            )}
          </ul>
        </nav>
        <div className="ml-auto flex min-w-0 items-center gap-1 sm:ml-0 lg:gap-2">
          <SearchButton {...{ showAudit, showAdmin, showClusters, mayActivate, helpUrl, signOutUrl, makeKubeconfig }} />
          <Menu label={person.name} className="min-w-0 max-w-48 sm:max-w-64">
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

/**
 * A link in the main navigation, marked on its pages.
 * @param also a second path that belongs to it
 */
function NavLink({ href, also, children }: { href: string; also?: string; children: ReactNode }) {
  const path = usePathname()
  const below = (base: string) => path === base || path.startsWith(`${base}/`)
  const current = (href === '/' ? path === '/' : below(href)) || (also !== undefined && below(also))
  return (
    <Link
      href={href}
      prefetch={false}
      aria-current={current ? 'page' : undefined}
      className={classNames(
        'relative inline-flex min-h-9 items-center gap-1.5 rounded-md px-1.5 text-sm sm:px-2.5 hover:bg-sunken',
        current
          ? 'bg-accent-soft font-semibold text-accent forced-colors:underline'
          : 'font-medium text-muted hover:text-ink',
      )}
    >
      {children}
      <LinkPending />
    </Link>
  )
}
