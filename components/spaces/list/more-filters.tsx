import { type ReactNode, Suspense, useState } from 'react'
import { healthFilterLabels } from '#components/spaces/health-words.ts'
import { buttonClass } from '#components/ui/button-class.ts'
import { classNames } from '#components/ui/class-names.ts'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { loaded } from '#components/ui/loaded.tsx'
import { sizes } from '#lib/kernel/model/spaces/size.ts'
import type { SpaceQuery } from '#lib/kernel/model/spaces/space-query.ts'
import type { FilterSearches } from './owner-and-group.tsx'
import { spaceExportPath } from './space-search.ts'

// Loaded when first opened. It needs scripts anyway.
const OwnerAndGroup = loaded(() => import('./owner-and-group.tsx').then(({ OwnerAndGroup }) => OwnerAndGroup))

type Props = {
  query: SpaceQuery
  clusters: readonly string[]
  searches: FilterSearches | null
  /** Narrows the list by query parameters. */
  narrow: (by: Readonly<Record<string, string>>) => void
  /** Chooses the list’s columns. */
  columns: ReactNode
}

/** The less common filters, folded, and the CSV export for platform admins. */
export function MoreFilters({ query, clusters, searches, narrow, columns }: Props) {
  const { health, size, cluster, ends, managed } = query
  const [wasOpen, setWasOpen] = useState(false)
  const hasClusters = clusters.length > 1 || cluster !== undefined
  return (
    <div className="relative basis-full">
      <details className="group/more" onToggle={({ currentTarget }) => currentTarget.open && setWasOpen(true)}>
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
          {searches && wasOpen && (
            <Suspense>
              <OwnerAndGroup searches={searches} narrow={narrow} />
            </Suspense>
          )}
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
