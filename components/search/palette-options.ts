import { personPath } from '#components/people/people-list-data.ts'
import { activationPath } from '#components/shell/activation-path.ts'
import type { AdminGroup } from '#components/shell/admin-pages.ts'
import { ownPagesFor } from '#components/shell/own-pages.ts'
import { healthInWords } from '#components/spaces/health-words.ts'
import { type SpaceAddress, type SpaceView, spaceOf, spacePath } from '#components/spaces/space-path.ts'
import type { IconName } from '#components/ui/icon.tsx'
import { type Density, densities } from '#lib/features/search/model/density.ts'
import { mayOpenShell } from '#lib/features/search/model/may-inside.ts'
import type { FoundPerson, FoundSpace } from '#lib/features/search/model/search-query.ts'
import { type Theme, themes } from '#lib/features/search/model/theme.ts'
import type { Standing } from '#lib/kernel/model/access/role.ts'

/** What an option opens or does. */
export type PaletteAct =
  | { is: 'go' | 'open'; href: string }
  | { is: 'kubeconfig'; space: SpaceAddress }
  | { is: 'theme'; theme: Theme }
  | { is: 'density'; density: Density }
  | { is: 'keys' | 'sign-out' }

export const optionGroups = ['Recent', 'Spaces', 'People', 'Pages', 'Actions'] as const
export type OptionGroup = (typeof optionGroups)[number]

export type PaletteOption = {
  /** For the recent list. Meaningless to anyone who can't look it up. */
  id: string
  group: OptionGroup
  icon: IconName
  label: string
  detail?: string
  /** Synonyms. */
  also?: string
  act: PaletteAct
}

/** What the person may use, from the header. Every page checks again. */
export type PaletteRights = {
  /** The pages for running Spaceport. */
  admin: readonly AdminGroup[]
  mayActivate: boolean
  /** The company's help page; empty: none. */
  helpUrl: string
}

export const idOfSpace = ({ id }: { id: string }) => `space:${id}`
export const idOfPerson = ({ id }: { id: string }) => `person:${id}`

type Page = { href: string; label: string; icon: IconName; also: string }

/** Pages that the navigation doesn’t have. */
const morePages: readonly Page[] = [
  { href: '/requests/decided', label: 'Decided requests', icon: 'check-circle', also: 'approvals' },
  { href: '/profile', label: 'Profile', icon: 'user', also: 'sessions groups keys' },
  { href: '/inbox/settings', label: 'Notification settings', icon: 'inbox', also: 'email mail webhook' },
]

const pageOption = (group: string, { href, label, icon, also }: Page): PaletteOption => ({
  id: `page:${href}`,
  group: 'Pages',
  icon,
  label,
  also: `${group} ${also}`,
  act: { is: 'go', href },
})

const themeLabels: Readonly<Record<Theme, string>> = {
  system: 'Use the system’s theme',
  light: 'Use the light theme',
  dark: 'Use the dark theme',
}

const themeIcons: Readonly<Record<Theme, IconName>> = { system: 'monitor', light: 'sun', dark: 'moon' }

const densityLabels: Readonly<Record<Density, string>> = {
  comfortable: 'Use comfortable table rows',
  compact: 'Use compact table rows',
}

const action = (id: string, icon: IconName, label: string, act: PaletteAct, also?: string): PaletteOption => ({
  id: `do:${id}`,
  group: 'Actions',
  icon,
  label,
  ...(also && { also }),
  act,
})

/**
 * @param path of the current page
 * @returns options that don't depend on the search
 */
export const fixedOptions = ({ admin, mayActivate, helpUrl }: PaletteRights, path: string): PaletteOption[] => [
  action('new-space', 'plus', 'New space', { is: 'go', href: '/spaces/new' }, 'create'),
  action('request', 'lock', 'Request access', { is: 'go', href: '/requests/new' }, 'ask role'),
  ...(mayActivate ? [action('activate', 'key', 'Activate admin role', { is: 'go', href: activationPath(path) })] : []),
  action('keys', 'terminal', 'Show all keys', { is: 'keys' }, 'keyboard shortcuts help'),
  ...(helpUrl ? [action('help', 'info', 'Get help', { is: 'open', href: helpUrl }, 'documentation support')] : []),
  ...themes.map((theme) =>
    action(`theme-${theme}`, themeIcons[theme], themeLabels[theme], { is: 'theme', theme }, 'colours mode'),
  ),
  ...densities.map((density) =>
    action(`density-${density}`, 'rows', densityLabels[density], { is: 'density', density }, 'height dense'),
  ),
  action('sign-out', 'sign-out', 'Sign out', { is: 'sign-out' }, 'log out'),
  ...[...ownPagesFor(admin), ...morePages].map((page) => pageOption('', page)),
  ...admin.flatMap(({ label, pages }) => pages.map((page) => pageOption(`admin ${label}`, page))),
]

const addressOfFound = ({ name, cluster }: FoundSpace): SpaceAddress => spaceOf(name, cluster ?? undefined)

export function spaceOption(space: FoundSpace): PaletteOption {
  const role = space.standing === 'owner' ? 'Yours' : `${space.standing ?? 'No role'} · owned by ${space.owner}`
  return {
    id: idOfSpace(space),
    group: 'Spaces',
    icon: 'space',
    label: space.name,
    detail: [role, space.cluster, space.health && healthInWords(space.health)].filter(Boolean).join(' · '),
    act: { is: 'go', href: spacePath(addressOfFound(space)) },
  }
}

/** Pages inside a space are only for its members. */
const views: readonly (readonly [view: SpaceView, does: string, isFor?: (standing: Standing | null) => boolean])[] = [
  ['connect', 'Open Connect of'],
  ['logs', 'Open Logs of', (standing) => standing !== null],
  ['configuration', 'Open Configuration of', (standing) => standing !== null],
  ['shell', 'Open Shell of', mayOpenShell],
  ['activity', 'Open Activity of'],
  ['access', 'Open Access of'],
  ['settings', 'Open Settings of'],
]
const kubeconfigLabel = 'Download kubeconfig for'

/** @returns the actions on a space, each labelled with the action and the space's name */
export function actionsOf(space: FoundSpace): (PaletteOption & { does: string })[] {
  const address = addressOfFound(space)
  const option = (key: string, does: string, icon: IconName, act: PaletteAct) => ({
    ...action(`${key}:${space.id}`, icon, `${does} ${space.name}`, act),
    does: does.toLowerCase(),
  })
  return [
    ...(space.connects
      ? [option('kubeconfig', kubeconfigLabel, 'download', { is: 'kubeconfig', space: address })]
      : []),
    ...views
      .filter(([, , isFor]) => isFor?.(space.standing) ?? true)
      .map(([view, does]) => option(view, does, 'arrow-right', { is: 'go', href: spacePath(address, view) })),
  ]
}

export const personOption = (person: FoundPerson): PaletteOption => ({
  id: idOfPerson(person),
  group: 'People',
  icon: 'user',
  label: person.name,
  detail: [person.email, person.handle].filter(Boolean).join(' · '),
  act: { is: 'go', href: personPath(person.handle) },
})
