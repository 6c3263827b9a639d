'use client'

import { personOption } from '#components/spaces/person-option.tsx'
import { Combobox } from '#components/ui/form/combobox.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { CallState } from '#lib/kernel/model/action-state.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { groupLabel } from '#lib/kernel/model/people/group-label.ts'
import type { PeoplePage } from '#lib/kernel/model/people/person-view.ts'
import type { GrantedGroup } from '#lib/kernel/model/spaces/space-view.ts'

/** Finds people and groups by part of their names, for platform admins. */
export type FilterSearches = {
  people: (input: { search: string }) => Promise<CallState<PeoplePage>>
  groups: (input: { text: string }) => Promise<CallState<GrantedGroup[]>>
}

type Props = {
  searches: FilterSearches
  /** Narrows the list by query parameters. */
  narrow: (by: Readonly<Record<string, string>>) => void
}

const mostPeople = 8

/** An owner and a group, found by search. */
export const OwnerAndGroup = ({ searches, narrow }: Props) => (
  <>
    <Combobox
      label="Owner"
      placeholder="Any owner"
      className="max-lg:col-span-2"
      words={{ several: (text) => `“${text}” matches more than one.`, none: (text) => `No one is called “${text}”.` }}
      search={async (search) => {
        const found = await searches.people({ search })
        if (found.status !== 'ok') return null
        return found.data.rows.slice(0, mostPeople).map((person) => personOption(person, person.handle))
      }}
      onChoose={({ value }) => narrow({ owner: value })}
    />
    <Combobox
      label="Group with a role"
      placeholder="Any group"
      className="max-lg:col-span-2"
      words={{
        several: (text) => `“${text}” matches more than one.`,
        none: (text) => `No group with “${text}” in its name has a role.`,
      }}
      search={async (text) => {
        const found = await searches.groups({ text })
        if (found.status !== 'ok') return null
        return found.data.map(({ group, issuer, spaces }) => ({
          id: group,
          value: String(new URLSearchParams({ group, ...(issuer !== null && { issuer }) })),
          names: [],
          label: groupLabel(group, issuer),
          detail: inNumber(spaces, 'space'),
          summary: `${groupLabel(group, issuer)}, ${inNumber(spaces, 'space')}`,
          icon: <Icon name="users" className="text-muted" />,
        }))
      }}
      onChoose={({ value }) => narrow({ issuer: '', ...Object.fromEntries(new URLSearchParams(value)) })}
    />
  </>
)
