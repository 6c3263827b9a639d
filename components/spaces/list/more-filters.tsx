import type { ReactNode } from 'react'
import { healthFilterLabels } from '#components/spaces/health-words.ts'
import { personOption } from '#components/spaces/person-option.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import { classNames } from '#components/ui/class-names.ts'
import { Combobox } from '#components/ui/form/combobox.tsx'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { CallState } from '#lib/kernel/model/action-state.ts'
import { inNumber } from '#lib/kernel/model/in-number.ts'
import { groupLabel } from '#lib/kernel/model/people/group-label.ts'
import type { PeoplePage } from '#lib/kernel/model/people/person-view.ts'
import { sizes } from '#lib/kernel/model/spaces/size.ts'
import type { SpaceQuery } from '#lib/kernel/model/spaces/space-query.ts'
import type { GrantedGroup } from '#lib/kernel/model/spaces/space-view.ts'
import { spaceExportPath } from './space-search.ts'

/** Finds people and groups by part of their names, for platform admins. */
export type FilterSearches = {
  people: (input: { search: string }) => Promise<CallState<PeoplePage>>
  groups: (input: { text: string }) => Promise<CallState<GrantedGroup[]>>
}

type Props = {
  query: SpaceQuery
  clusters: readonly string[]
  searches: FilterSearches | null
  /** Narrows the list by query parameters. */
  narrow: (by: Readonly<Record<string, string>>) => void
  /** Chooses the list’s columns. */
  columns: ReactNode
}

const mostPeople = 8

/** The less common filters, folded, and the CSV export for platform admins. */
export function MoreFilters({ query, clusters, searches, narrow, columns }: Props) {
  const { health, size, cluster, ends, managed } = query
  const hasClusters = clusters.length > 1 || cluster !== undefined
  return (
    <div className="relative basis-full">
      <details className="group/more">
        <summary className={`${buttonClass('quiet', 'sm')} -ml-2.5 list-none [&::-webkit-details-marker]:hidden`}>
          <Icon name="chevron-right" className="transition-transform group-open/more:rotate-90" />
          More filters
        </summary>
        <div
          className={classNames(
            'mt-2 grid grid-cols-2 items-start gap-3 rounded-lg border bg-surface p-4',
            searches && hasClusters ? 'lg:grid-cols-3' : 'lg:grid-cols-5',
          )}
        >
          {searches && <Found searches={searches} narrow={narrow} />}
          <SelectField
            label="Health"
            name="health"
            defaultValue={health ?? ''}
            options={[
              { value: '', label: 'Any health' },
              ...Object.entries(healthFilterLabels).map(([value, label]) => ({ value, label })),
            ]}
          />
          <SelectField
            label="Size"
            name="size"
            defaultValue={size ?? ''}
            options={[{ value: '', label: 'Any size' }, ...sizes.map((value) => ({ value, label: value }))]}
          />
          <SelectField
            label="Ends"
            name="ends"
            defaultValue={ends ?? ''}
            options={[
              { value: '', label: 'Any time' },
              { value: 'soon', label: 'Within 7 days' },
            ]}
          />
          {searches && (
            <SelectField
              label="Managed in"
              name="managed"
              defaultValue={managed ?? ''}
              options={[
                { value: '', label: 'Git or the portal' },
                { value: 'git', label: 'Git' },
                { value: 'portal', label: 'The portal' },
              ]}
            />
          )}
          {hasClusters && (
            <SelectField
              label="Cluster"
              name="cluster"
              defaultValue={cluster ?? ''}
              options={[
                { value: '', label: 'Any cluster' },
                ...[...new Set([...clusters, cluster ?? ''])].filter(Boolean).map((value) => ({ value, label: value })),
              ]}
            />
          )}
        </div>
      </details>
      <div className="absolute -top-0.5 -right-2.5 flex items-center">
        <div className="max-sm:hidden">{columns}</div>
        {searches && (
          <a href={spaceExportPath(query)} download className={buttonClass('quiet', 'sm')}>
            <Icon name="download" />
            Download CSV
          </a>
        )}
      </div>
    </div>
  )
}

/** An owner and a group, found by search. */
const Found = ({ searches, narrow }: { searches: FilterSearches; narrow: Props['narrow'] }) => (
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
