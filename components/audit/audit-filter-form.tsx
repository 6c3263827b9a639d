import { capitalised, oneFilterInWords } from '#components/audit/words/one-filter-in-words.ts'
import { outcomeOptions } from '#components/audit/words/outcome-badge.tsx'
import { spanLabels } from '#components/audit/words/span-labels.ts'
import { FilterForm } from '#components/filters/filter-form.tsx'
import type { KeptFilters } from '#components/filters/saved-filters.tsx'
import { SelectField, type SelectOption } from '#components/ui/form/select-field.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { AuditFilterText } from '#lib/features/audit/model/audit-filter.ts'
import { auditHref } from './audit-href.ts'
import { SuggestField } from './suggest-field.tsx'

/** Filters that come from links on other pages. They stay until the person removes them. */
const byId = ['personId', 'spaceId', 'credentialId'] as const

const presets = [
  { text: 'Refused in the last 24 hours', href: auditHref('/audit', { outcome: 'refused', within: '24h' }) },
  { text: 'Around the gateway in the last 7 days', href: auditHref('/audit', { route: 'around', within: '7d' }) },
  { text: 'Roles and members in the last 7 days', href: auditHref('/audit', { action: 'grant.', within: '7d' }) },
  { text: 'Commands run in pods', href: auditHref('/audit', { action: 'kubectl.exec' }) },
  { text: 'Policy changes', href: auditHref('/audit', { action: 'policy.change' }) },
]

const spans = [{ value: '', label: 'Any time' }, ...spanLabels]

type Props = {
  filters: AuditFilterText
  errors: Readonly<Record<string, string>>
  actions: readonly SelectOption[]
  kept: KeptFilters | null
}

/** The trail's filters, with suggestions for people and spaces. */
export function AuditFilterForm({ filters, errors, actions: offered, kept }: Props) {
  const { action } = filters
  const known = !action || offered.some(({ value }) => value === action)
  const actions = known ? offered : [...offered, { value: action, label: action }]
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
      className="grid-cols-2 lg:grid-cols-4"
      first={
        <TextField
          label="Search"
          name="text"
          type="search"
          placeholder="Start of a word, an address or a full ID"
          defaultValue={filters.text}
          error={errors.text}
          maxLength={100}
          className="col-span-2"
        />
      }
    >
      <SuggestField label="Person" name="person" of="people" value={filters.person} error={errors.person} />
      <SuggestField label="Space" name="space" of="spaces" value={filters.space} error={errors.space} />
      <SelectField label="Action" name="action" defaultValue={action ?? ''} error={errors.action} options={actions} />
      <SelectField
        label="Outcome"
        name="outcome"
        defaultValue={filters.outcome ?? ''}
        error={errors.outcome}
        options={[{ value: '', label: 'Any' }, ...outcomeOptions]}
      />
      <SelectField
        label="When"
        name="within"
        defaultValue={filters.within ?? ''}
        error={errors.within}
        options={spans}
      />
      <label className="flex min-h-9 items-center gap-2 text-sm sm:mt-6">
        <input
          type="checkbox"
          name="route"
          value="around"
          defaultChecked={filters.route === 'around'}
          className="size-4 shrink-0"
        />
        Around the gateway
      </label>
      <details
        open={[filters.from, filters.until, errors.from, errors.until].some(Boolean)}
        className="group col-span-full text-sm"
      >
        <summary className="inline-flex min-h-7 list-none items-center gap-1 text-muted hover:text-ink [&::-webkit-details-marker]:hidden">
          <Icon name="chevron-right" className="size-3 transition-transform group-open:rotate-90" />
          Exact times
        </summary>
        <div className="mt-2 grid gap-3 sm:grid-cols-2">
          <TextField
            label="From (UTC)"
            name="from"
            type="datetime-local"
            defaultValue={filters.from}
            error={errors.from}
          />
          <TextField
            label="Until (UTC)"
            name="until"
            type="datetime-local"
            defaultValue={filters.until}
            error={errors.until}
          />
        </div>
      </details>
      {byId.map((name) => filters[name] && <input key={name} type="hidden" name={name} value={filters[name]} />)}
    </FilterForm>
  )
}
