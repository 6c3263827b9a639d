'use client'

import { Combobox } from '#components/ui/combobox.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { CallState } from '#lib/domain/action-state.ts'
import type { Principal } from '#lib/domain/person.ts'
import type { SpaceAddress } from './space-path.ts'

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
}

/** Names a person or a group: chosen from suggestions, or typed as a name, handle or e-mail. */
export function PrincipalCombobox({ label, name, hint, space, search, peopleOnly }: Props) {
  return (
    <Combobox
      label={label}
      name={name}
      hint={hint}
      search={async (text) => {
        const key = { name: space.name, ...(space.cluster && { cluster: space.cluster }) }
        const found = await search({ space: key, text })
        if (found.status !== 'ok') return []
        return found.data
          .filter((principal) => principal.kind === 'user' || !peopleOnly)
          .map((principal) =>
            principal.kind === 'user'
              ? {
                  value: peopleOnly ? principal.id : `user:${principal.id}`,
                  label: principal.name,
                  detail: principal.email,
                  icon: <Icon name="user" className="text-muted" />,
                }
              : {
                  value: `group:${principal.id}`,
                  label: principal.id,
                  detail: `group of ${principal.people}`,
                  icon: <Icon name="users" className="text-muted" />,
                },
          )
      }}
    />
  )
}
