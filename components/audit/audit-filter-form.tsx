import type { KeyboardEvent, ReactNode } from 'react'
import type { ActionOption } from '#components/audit/words/action-options.ts'
import { capitalised, oneFilterInWords } from '#components/audit/words/one-filter-in-words.ts'
import { outcomeOptions } from '#components/audit/words/outcome-badge.tsx'
import { spanLabels } from '#components/audit/words/span-labels.ts'
import { FilterSearch, FilterSelect } from '#components/filters/filter-fields.tsx'
import { FilterForm } from '#components/filters/filter-form.tsx'
import { FilterPicker } from '#components/filters/filter-picker.tsx'
import type { KeptFilters } from '#components/filters/saved-filters.tsx'
import { PersonFilter, SpaceFilter } from '#components/search/filter-pickers.tsx'
import { buttonClass } from '#components/ui/button-class.ts'
import type { ComboboxOption } from '#components/ui/form/listbox.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { AuditFilterText } from '#lib/features/audit/model/audit-filter.ts'
import { auditHref } from './audit-href.ts'

/** Filters that pickers set, or links on other pages. They stay until the person removes them. */
const picked = ['person', 'space', 'action', 'personId', 'spaceId', 'credentialId'] as const

const presets = [
  { text: 'Refused in the last 24 hours', href: auditHref('/audit', { outcome: 'refused', within: '24h' }) },
  { text: 'Bypassed the gateway in the last 7 days', href: auditHref('/audit', { route: 'around', within: '7d' }) },
  { text: 'Roles and members in the last 7 days', href: auditHref('/audit', { action: 'grant.', within: '7d' }) },
  { text: 'Commands run in pods', href: auditHref('/audit', { action: 'kubectl.exec' }) },
  { text: 'Policy changes', href: auditHref('/audit', { action: 'policy.change' }) },
]

const spans = [{ value: '', label: 'Any time' }, ...spanLabels]

type Props = {
  filters: AuditFilterText
  errors: Readonly<Record<string, string>>
  actions: readonly ActionOption[]
  kept: KeptFilters | null
  /** Shown at the end of the line of active filters. */
  aside: ReactNode
}

/** The trail's filters, with people, spaces and actions to pick. */
export function AuditFilterForm({ filters, errors, actions, kept, aside }: Props) {
  const labelOf = (name: string) => actions.find(({ value }) => value === name)?.label ?? name
  const chips = Object.entries(filters).map(([name, value]) => {
    const { [name as keyof AuditFilterText]: _, ...others } = filters
    return { text: capitalised(oneFilterInWords(name, value, labelOf)), href: auditHref('/audit', others) }
  })
  return (
    <FilterForm
      action="/audit"
      label="Filter the trail"
      chips={chips}
      presets={presets}
      kept={kept}
      held={auditHref('/audit', filters)}
      picked={picked}
      aside={aside}
      first={
        <FilterSearch
          name="text"
          placeholder="Words, an address or an ID"
          defaultValue={filters.text}
          error={errors.text}
          maxLength={100}
        />
      }
    >
      {(narrow) => (
        <>
          <PersonFilter value={filters.person} error={errors.person} narrow={narrow} />
          <SpaceFilter value={filters.space} error={errors.space} narrow={narrow} />
          <FilterPicker
            label="Action"
            name="action"
            value={filters.action}
            valueInWords={filters.action && labelOf(filters.action)}
            error={errors.action}
            search={(text) => Promise.resolve(actionsWith(actions, text))}
            none="No action is called that."
            browses
            narrow={narrow}
          />
          <FilterSelect
            label="Outcome"
            name="outcome"
            defaultValue={filters.outcome ?? ''}
            error={errors.outcome}
            options={[{ value: '', label: 'Any outcome' }, ...outcomeOptions]}
          />
          <FilterSelect
            label="When"
            name="within"
            defaultValue={filters.within ?? ''}
            error={errors.within}
            options={spans}
          />
          <More filters={filters} errors={errors} />
        </>
      )}
    </FilterForm>
  )
}

function closeOnEscape(event: KeyboardEvent<HTMLDetailsElement>) {
  if (event.key !== 'Escape' || !event.currentTarget.open) return
  event.currentTarget.open = false
  event.currentTarget.querySelector('summary')?.focus()
}

/** Less common filters, in a panel. */
const More = ({ filters, errors }: Pick<Props, 'filters' | 'errors'>) => (
  <details
    open={[errors.from, errors.until].some(Boolean)}
    onKeyDown={closeOnEscape}
    className="group relative text-sm max-sm:basis-full"
  >
    <summary className={`${buttonClass('quiet')} list-none [&::-webkit-details-marker]:hidden`}>
      More
      <Icon name="chevron-down" className="transition-transform group-open:rotate-180" />
    </summary>
    <div className="z-20 mt-1 space-y-3 rounded-lg border bg-raised p-4 shadow-lg sm:absolute sm:right-0 sm:w-72">
      <label className="flex min-h-6 items-center gap-2">
        <input
          type="checkbox"
          name="route"
          value="around"
          defaultChecked={filters.route === 'around'}
          className="size-4 shrink-0"
        />
        Bypassed the gateway
      </label>
      <TextField label="From (UTC)" name="from" type="datetime-local" defaultValue={filters.from} error={errors.from} />
      <TextField
        label="Until (UTC)"
        name="until"
        type="datetime-local"
        defaultValue={filters.until}
        error={errors.until}
      />
    </div>
  </details>
)

/** @returns the actions whose label, group or name has the text, as options */
function actionsWith(actions: readonly ActionOption[], text: string): ComboboxOption[] {
  const words = text.toLowerCase().split(/\s+/)
  return actions
    .filter(({ value, label, group }) => {
      const all = `${label} ${group} ${value}`.toLowerCase()
      return words.every((word) => all.includes(word))
    })
    .map(({ value, label, group }) => ({ id: value, value, label, group, names: [label], summary: label }))
}
