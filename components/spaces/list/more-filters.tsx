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
        <Choice
          label="Health"
          name="health"
          value={health}
          any="Any health"
          options={Object.entries(healthFilterLabels).map(([value, label]) => ({ value, label }))}
        />
        <Choice label="Size" name="size" value={size} any="Any size" options={named(sizes)} />
        <Choice
          label="Ends"
          name="ends"
          value={ends}
          any="Any time"
          options={[{ value: 'soon', label: 'Within 7 days' }]}
        />
        {searches && (
          <Choice
            label="Managed in"
            name="managed"
            value={managed}
            any="Git or the portal"
            options={[
              { value: 'git', label: 'Git' },
              { value: 'portal', label: 'The portal' },
            ]}
          />
        )}
        {hasClusters && (
          <Choice
            label="Cluster"
            name="cluster"
            value={cluster}
            any="Any cluster"
            options={named([...new Set([...clusters, cluster ?? ''])].filter(Boolean))}
          />
        )}
      </div>
    </details>
  )
}

const named = (values: readonly string[]) => values.map((value) => ({ value, label: value }))

type ChoiceProps = Pick<Parameters<typeof SelectField>[0], 'label' | 'name' | 'options'> & {
  value: string | undefined
  /** Names the choice of all. */
  any: string
}

const Choice = ({ value, any, options, ...field }: ChoiceProps) => (
  <SelectField {...field} defaultValue={value ?? ''} options={[{ value: '', label: any }, ...options]} />
)
