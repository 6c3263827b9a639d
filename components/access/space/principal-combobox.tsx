'use client'

import { peopleWords } from '#components/search/find-in-portal.tsx'
import { personOption } from '#components/spaces/person-option.tsx'
import { type SpaceAddress, spaceOf } from '#components/spaces/space-path.ts'
import { standingLabel } from '#components/spaces/standing-label.ts'
import { CopyLink } from '#components/ui/copy-link.tsx'
import { Combobox } from '#components/ui/form/combobox.tsx'
import type { ComboboxOption } from '#components/ui/form/listbox.tsx'
import { ManyPicker } from '#components/ui/form/many-picker.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { Standing } from '#lib/kernel/model/access/role.ts'
import type { CallState } from '#lib/kernel/model/action-state.ts'
import { membersInWords } from '#lib/kernel/model/people/group-label.ts'
import type { Principal } from '#lib/kernel/model/people/person.ts'

export type SearchPrincipals = (input: {
  space: { name: string; cluster?: string }
  text: string
}) => Promise<CallState<Principal[]>>

type Props = {
  label: string
  name: string
  hint: string
  space: SpaceAddress
  search: SearchPrincipals
  /** Existing members' roles, by the value that the form sends. */
  standings?: Readonly<Record<string, Standing>>
  /** Suggests people only. */
  peopleOnly?: boolean
  /** For actions that can't be undone: the match must be shown first, unless the exact handle was typed. */
  careful?: boolean
  /** Picks several. Those who become members are dropped. */
  many?: boolean
  /** Where to send people who aren't found. */
  invite: string
}

/** Shorter texts find nothing. */
const fewestLetters = 2

/**
 * Selects a person or group, or several. Names and email addresses only search: the match is shown, and the form sends
 * the handle.
 */
export function PrincipalCombobox(props: Props) {
  const { label, name, hint, standings = {}, peopleOnly, careful, many, invite } = props
  const field = {
    label,
    name,
    hint,
    careful,
    words: {
      ...peopleWords,
      ...(!peopleOnly && { none: (text: string) => `${peopleWords.none(text)} For a group, type “group:${text}”.` }),
    },
    whenNone: <CopyLink label={peopleOnly ? 'Copy a link to Spaceport' : 'Copy an invitation link'} path={invite} />,
    search: (text: string) => findPrincipals(text, props),
  }
  return many ? <ManyPicker {...field} isDone={(value) => Object.hasOwn(standings, value)} /> : <Combobox {...field} />
}

async function findPrincipals(
  text: string,
  { space, search, standings = {}, peopleOnly }: Pick<Props, 'space' | 'search' | 'standings' | 'peopleOnly'>,
): Promise<ComboboxOption[] | null> {
  const [, kind = '', rest = ''] = /^(?:(user|group):)?\s*(.*)$/s.exec(text) ?? []
  if (rest.length < fewestLetters) return null
  const found = await search({ space: spaceOf(space.name, space.cluster), text: rest })
  if (found.status !== 'ok') return null
  const fitting = found.data.filter(
    (principal) => principal.kind === (kind || principal.kind) && (principal.kind === 'user' || !peopleOnly),
  )
  // A group can get a role before any member has signed in, but only with the explicit prefix.
  if (kind === 'group' && !peopleOnly && !fitting.some((one) => one.id === rest && isOfMain(one)))
    fitting.push({ kind: 'group', id: rest, people: 0, from: null })
  const prefix = kind && text.slice(0, text.length - rest.length)
  const isAlike = ({ kind: one, id }: Principal) =>
    fitting.filter((other) => other.kind === one && other.id === id).length > 1
  return fitting.map((principal) => optionOf(principal, { prefix, standings, isAlike: isAlike(principal) }))
}

const isOfMain = (principal: Principal): boolean => principal.kind === 'group' && principal.from === null

type As = {
  /** The typed prefix, so that the option's names match the text. */
  prefix: string
  standings: Readonly<Record<string, Standing>>
  /** Another provider has a group of the same name, so the name alone is ambiguous. */
  isAlike: boolean
}

function optionOf(principal: Principal, { prefix, standings, isAlike }: As): ComboboxOption {
  const { kind, id } = principal
  const provider = principal.kind === 'group' && principal.from
  const value = provider ? `group@${provider.id}:${id}` : `${kind}:${id}`
  const standing = standings[value]
  const already = standing && `Already ${standingLabel(standing).toLowerCase()}`
  if (kind === 'group') {
    const people = membersInWords(principal.people)
    const from = principal.from && `from ${principal.from.name}`
    return {
      id: isAlike ? value : prefix + id,
      value,
      names: isAlike ? [prefix + id] : [],
      label: id,
      detail: [already, `group, ${people}`, from].filter(Boolean).join(' · '),
      summary: [`Group ${id}`, people, from].filter(Boolean).join(', '),
      icon: <Icon name="users" className="text-muted" />,
    }
  }
  const option = personOption({ ...principal, handle: id }, value)
  return {
    ...option,
    id: prefix + id,
    names: option.names.map((text) => prefix + text),
    detail: [already, option.detail].filter(Boolean).join(' · '),
  }
}
