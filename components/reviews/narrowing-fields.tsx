'use client'

import { useState } from 'react'
import { CheckField } from '#components/policy/check-field.tsx'
import { findPeople, findSpaces, peopleWords, spaceWords } from '#components/search/find-in-portal.tsx'
import { useFieldError } from '#components/ui/form/field-errors.tsx'
import { ManyPicker } from '#components/ui/form/many-picker.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { roles } from '#lib/kernel/model/access/role.ts'

/** Limits a review. Collapsed, since most reviews cover everything; an error expands it. */
export function NarrowingFields() {
  const errors = [useFieldError('spaces'), useFieldError('people')]
  const [open, setOpen] = useState(false)
  return (
    <details
      open={open || errors.some((error) => error !== undefined)}
      onToggle={({ currentTarget }) => setOpen(currentTarget.open)}
      className="group/narrowing rounded-lg border border-line-strong"
    >
      <summary className="flex min-h-11 list-none items-center gap-2 px-3 font-medium text-sm hover:bg-sunken focus-visible:-outline-offset-2 [&::-webkit-details-marker]:hidden">
        <Icon
          name="chevron-right"
          className="size-3.5 text-muted transition-transform group-open/narrowing:rotate-90"
        />
        Only some spaces, people or roles
      </summary>
      <div className="space-y-4 border-t p-3">
        <ManyPicker
          label="Only these spaces"
          name="spaces"
          hint="Leave empty for all spaces."
          search={findSpaces}
          words={spaceWords}
          takesText
        />
        <ManyPicker
          label="Only these people"
          name="people"
          hint="Leave empty for everyone. Roles from their groups count too."
          search={findPeople}
          words={peopleWords}
          takesText
        />
        <fieldset>
          <legend className="mb-1 font-medium text-sm">Only these roles</legend>
          <div className="flex flex-wrap gap-x-5 gap-y-1">
            {roles.map((role) => (
              <CheckField key={role} label={role} name={`role.${role}`} checked={false} />
            ))}
          </div>
          <p className="mt-1 text-muted text-sm">
            Leave empty to review everything, including bindings that Spaceport didn’t make.
          </p>
        </fieldset>
      </div>
    </details>
  )
}
