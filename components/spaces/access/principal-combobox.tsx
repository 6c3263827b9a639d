'use client'

import { type SpaceAddress, spaceOf } from '#components/spaces/space-path.ts'
import { Combobox, type ComboboxOption } from '#components/ui/combobox.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { CallState } from '#lib/domain/action-state.ts'
import { readablePart } from '#lib/domain/handle.ts'
import type { Principal } from '#lib/domain/person.ts'

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
  /** Suggests people, and no groups. */
  peopleOnly?: boolean
  /** Whom it is about can’t be taken back: it has to be shown first, unless it was typed as the handle. */
  careful?: boolean
}

/** Fewer letters find nobody. */
const fewestLetters = 2

/**
 * Names a person or a group. A name or e-mail is only a way to find somebody here: who it is that is found is shown, and the
 * form gets the handle.
 */
export function PrincipalCombobox({ label, name, hint, space, search, peopleOnly, careful }: Props) {
  return (
    <Combobox
      label={label}
      name={name}
      hint={hint}
      careful={careful}
      words={{
        several: (text) => `“${text}” matches more than one. Choose the one you mean.`,
        none: (text) =>
          peopleOnly
            ? `No one called “${text}” has signed in yet. Ask them to sign in once.`
            : `No one called “${text}” has signed in yet, and no signed-in user belongs to a group with that name. Ask them to sign in once, or enter “group:” followed by the group’s exact name.`,
      }}
      search={async (text) => {
        const [, kind = '', rest = ''] = /^(?:(user|group):)?\s*(.*)$/s.exec(text) ?? []
        if (rest.length < fewestLetters) return null
        const found = await search({ space: spaceOf(space.name, space.cluster), text: rest })
        if (found.status !== 'ok') return null
        const fitting = found.data.filter(
          (principal) => principal.kind === (kind || principal.kind) && (principal.kind === 'user' || !peopleOnly),
        )
        // A group may get a role before anybody of it has signed in; only, it has to be said that it is one.
        if (kind === 'group' && !peopleOnly && !fitting.some(({ id }) => id === rest))
          fitting.push({ kind: 'group', id: rest, people: 0 })
        return fitting.map((principal) => optionOf(principal, kind && text.slice(0, text.length - rest.length)))
      }}
    />
  )
}

/** @param prefix what was typed before the name itself, so that both are found to be the same */
function optionOf(principal: Principal, prefix: string): ComboboxOption {
  const { kind, id } = principal
  const option = { id: prefix + id, value: `${kind}:${id}` }
  if (kind === 'group') {
    const people = principal.people === 1 ? '1 person' : `${principal.people} people`
    return {
      ...option,
      names: [],
      label: id,
      detail: `group, ${people} signed in so far`,
      summary: `Group ${id}, ${people} signed in so far`,
      icon: <Icon name="users" className="text-muted" />,
    }
  }
  const { name, email } = principal
  return {
    ...option,
    names: [name, email, readablePart(id)].map((text) => prefix + text),
    label: name,
    detail: [email, id].filter(Boolean).join(' · '),
    summary: [name, email, id].filter(Boolean).join(', '),
    icon: <Icon name="user" className="text-muted" />,
  }
}
