'use client'

import Link from 'next/link'
import { classNames } from '#components/ui/class-names.ts'
import { DialogActions, DialogButton } from '#components/ui/dialog.tsx'
import { ActionForm, type FormAction } from '#components/ui/form/action-form.tsx'
import { formDataOf } from '#components/ui/form/form-data-of.ts'
import { SubmitButton } from '#components/ui/form/submit-button.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { sortedSearch } from '#components/ui/list/sorted-search.ts'
import { type FilteredList, maxFilterName } from '#lib/features/filters/model/saved-filter.ts'
import { idle } from '#lib/kernel/model/action-state.ts'

/** A person's saved filters of a list, and the actions on them. */
export type KeptFilters = {
  list: FilteredList
  filters: readonly KeptFilter[]
  save: FormAction
  rename: FormAction
  remove: FormAction
}
/** `search`: the parameters of the list's URL (sortedSearch). */
type KeptFilter = { id: string; name: string; search: string }

type Props = {
  kept: KeptFilters
  /** The page's path. */
  action: string
  /** The URL of the active filters, from the first page. */
  held: string
  /** Whether that URL has filters. */
  isFiltered: boolean
}

/**
 * The person's own filters of a list as links, with the active one marked. The active filters can be saved as another.
 */
export function SavedFilters({ kept: { list, filters, save, rename, remove }, action, held, isFiltered }: Props) {
  const search = sortedSearch(new URLSearchParams(held.split('?')[1]))
  const isSaved = filters.some((one) => one.search === search)
  if (filters.length === 0 && !isFiltered) return null
  return (
    <div className="flex flex-wrap items-center gap-2 text-sm">
      {filters.length > 0 && (
        <ul aria-label="Saved filters" className="flex min-w-0 flex-wrap items-center gap-2">
          {filters.map((one) => (
            <li key={one.id} className="min-w-0">
              <SavedLink name={one.name} href={`${action}?${one.search}`} isCurrent={one.search === search} />
            </li>
          ))}
        </ul>
      )}
      <span className="noscript:hidden">
        {isFiltered && !isSaved && (
          <DialogButton label="Save this filter…" size="sm" variant="quiet" icon="plus" title="Save this filter">
            <ActionForm action={save}>
              <input type="hidden" name="list" value={list} />
              <input type="hidden" name="query" value={search} />
              <TextField
                label="Name"
                name="name"
                maxLength={maxFilterName}
                hint="Only you see it, above this list. Relative times such as “last 7 days” stay relative."
              />
              <DialogActions>
                <SubmitButton>Save</SubmitButton>
              </DialogActions>
            </ActionForm>
          </DialogButton>
        )}
        {filters.length > 0 && (
          <DialogButton label="Edit saved filters…" size="sm" variant="quiet" title="Saved filters">
            <ul className="space-y-4">
              {filters.map((one) => (
                <li key={one.id} className="flex flex-wrap items-start justify-end gap-2">
                  <RenameForm filter={one} rename={rename} />
                  <ActionForm
                    action={remove}
                    label={`Delete ${one.name}`}
                    okMessage={`Deleted “${one.name}”.`}
                    undo={() => save(idle, formDataOf({ list, query: one.search, name: one.name }))}
                  >
                    <input type="hidden" name="id" value={one.id} />
                    <SubmitButton variant="danger-quiet">
                      Delete<span className="sr-only"> {one.name}</span>
                    </SubmitButton>
                  </ActionForm>
                </li>
              ))}
            </ul>
          </DialogButton>
        )}
      </span>
    </div>
  )
}

const SavedLink = ({ name, href, isCurrent }: { name: string; href: string; isCurrent: boolean }) => (
  <Link
    href={href}
    prefetch={false}
    aria-current={isCurrent ? 'true' : undefined}
    className={classNames(
      'inline-flex min-h-7 max-w-full items-center gap-1.5 rounded-full border px-2.5 py-0.5',
      isCurrent ? 'border-accent bg-accent-soft font-medium text-accent' : 'bg-surface text-ink hover:bg-sunken',
    )}
  >
    <Icon name={isCurrent ? 'check' : 'filter'} className="size-3 shrink-0" />
    <span className="wrap-anywhere">{name}</span>
  </Link>
)

const RenameForm = ({ filter: { id, name }, rename }: { filter: KeptFilter; rename: FormAction }) => (
  <ActionForm
    action={rename}
    label={`Rename ${name}`}
    className="flex min-w-0 flex-1 items-start gap-2 max-sm:basis-full"
  >
    <input type="hidden" name="id" value={id} />
    <TextField
      label={`Name of ${name}`}
      labelHidden
      name="name"
      defaultValue={name}
      maxLength={maxFilterName}
      className="min-w-0 flex-1"
    />
    <SubmitButton variant="secondary">
      Rename<span className="sr-only"> {name}</span>
    </SubmitButton>
  </ActionForm>
)
