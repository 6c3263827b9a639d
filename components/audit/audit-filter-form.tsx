import type { FormEvent } from 'react'
import { Button } from '#components/ui/button.tsx'
import { filterAddress } from '#components/ui/filter-address.ts'
import { LinkButton } from '#components/ui/link-button.tsx'
import { showAddress } from '#components/ui/page-refresh.ts'
import { SelectField } from '#components/ui/select-field.tsx'
import { TextField } from '#components/ui/text-field.tsx'
import type { AuditFilterText } from '#lib/domain/audit-filter.ts'
import { knownActions } from './action-words.ts'
import { outcomeOptions } from './outcome-badge.tsx'
import { actionLabel } from './sentence.ts'

/** A value that ends in a dot stands for everything that starts with it. */
const families = [
  ['space.', 'Everything about spaces'],
  ['grant.', 'Everything about members'],
  ['request.', 'Everything about requests'],
  ['credential.', 'Everything about kubeconfigs'],
  ['kubectl.', 'Everything done with kubectl'],
  ['session.', 'Everything about sign-in'],
] as const

const offered = [
  { value: '', label: 'Any' },
  ...families.map(([value, label]) => ({ value, label })),
  ...knownActions.map((action) => ({ value: action, label: actionLabel(action) })),
]

/** What links from other pages ask for stays until the filters are cleared. */
const byId = ['personId', 'spaceId', 'credentialId'] as const

/** The same filters again are a wish for what happened since. */
function showFiltered(event: FormEvent<HTMLFormElement>): void {
  event.preventDefault()
  const address = filterAddress(event.currentTarget)
  if (address === `${window.location.pathname}${window.location.search}`) window.location.reload()
  else showAddress(address)
}

/** The trail's filters: a plain form whose values are in the page's address. */
export function AuditFilterForm({
  filters,
  errors,
}: {
  filters: AuditFilterText
  errors: Readonly<Record<string, string>>
}) {
  const { action } = filters
  const known = !action || offered.some(({ value }) => value === action)
  const actions = known ? offered : [...offered, { value: action, label: action }]
  return (
    <form
      action="/audit"
      aria-label="Filter the trail"
      onSubmit={showFiltered}
      className="mb-4 grid grid-cols-2 items-start gap-3 rounded-lg border bg-surface p-4 lg:grid-cols-4"
    >
      <TextField label="Person" name="person" defaultValue={filters.person} error={errors.person} maxLength={100} />
      <TextField label="Space" name="space" mono defaultValue={filters.space} error={errors.space} maxLength={100} />
      <SelectField label="Action" name="action" defaultValue={action ?? ''} error={errors.action} options={actions} />
      <SelectField
        label="Outcome"
        name="outcome"
        defaultValue={filters.outcome ?? ''}
        error={errors.outcome}
        options={[{ value: '', label: 'Any' }, ...outcomeOptions]}
      />
      <TextField
        label="From (UTC)"
        name="from"
        type="datetime-local"
        defaultValue={filters.from}
        error={errors.from}
        className="max-sm:col-span-2"
      />
      <TextField
        label="Until (UTC)"
        name="until"
        type="datetime-local"
        defaultValue={filters.until}
        error={errors.until}
        className="max-sm:col-span-2"
      />
      <TextField
        label="Search"
        name="text"
        type="search"
        hint="The start of a word, an address or a whole ID."
        defaultValue={filters.text}
        error={errors.text}
        maxLength={100}
        className="max-lg:col-span-2"
      />
      <label className="flex min-h-9 items-center gap-2 text-sm max-lg:col-span-2 lg:mt-6">
        <input
          type="checkbox"
          name="route"
          value="around"
          defaultChecked={filters.route === 'around'}
          className="size-4 shrink-0 accent-accent-fill"
        />
        Only around the gateway
      </label>
      {byId.map((name) => filters[name] && <input key={name} type="hidden" name={name} value={filters[name]} />)}
      <div className="col-span-full flex gap-2">
        <Button type="submit" variant="primary" icon="filter">
          Filter
        </Button>
        {Object.keys(filters).length > 0 && (
          <LinkButton href="/audit" variant="quiet">
            Clear
          </LinkButton>
        )}
      </div>
    </form>
  )
}
