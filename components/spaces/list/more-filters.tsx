import { Suspense, useState } from 'react'
import { healthFilterLabels } from '#components/spaces/health-words.ts'
import { buttonClass } from '#components/ui/button-class.ts'
import { classNames } from '#components/ui/class-names.ts'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { loaded } from '#components/ui/loaded.tsx'
import { sizes } from '#lib/kernel/model/spaces/size.ts'
import type { SpaceQuery } from '#lib/kernel/model/spaces/space-query.ts'
import type { FilterSearches } from './owner-and-group.tsx'

// Loaded when first opened. It needs scripts anyway.
const OwnerAndGroup = loaded(() => import('./owner-and-group.tsx').then(({ OwnerAndGroup }) => OwnerAndGroup))

type Props = {
  query: SpaceQuery
  clusters: readonly string[]
  searches: FilterSearches | null
  /** Narrows the list by query parameters. */
  narrow: (by: Readonly<Record<string, string>>) => void
}

/** The less common filters, in a panel. On phones, its button also unfolds the others. */
export function MoreFilters({ query, clusters, searches, narrow }: Props) {
  const { health, size, cluster, ends, managed } = query
  const [wasOpen, setWasOpen] = useState(false)
  const hasClusters = clusters.length > 1 || cluster !== undefined
  return (
    <details
      data-more
      className="group/more not-open:-mt-2 basis-full sm:-mr-34"
      onToggle={({ currentTarget }) => currentTarget.open && setWasOpen(true)}
    >
      <summary
        className={classNames(
          buttonClass('quiet'),
          'absolute top-0 right-0 list-none [&::-webkit-details-marker]:hidden',
        )}
      >
        <span className="max-sm:hidden">More filters</span>
        <span className="sm:hidden">Filters</span>
        <Icon name="chevron-down" className="transition-transform group-open/more:rotate-180" />
      </summary>
      <div
        className={classNames(
          'grid grid-cols-2 items-start gap-3 rounded-lg border bg-surface p-4',
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
  )
}
