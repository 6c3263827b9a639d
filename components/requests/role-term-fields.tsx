'use client'

import { useState } from 'react'
import { SelectField } from '#components/ui/form/select-field.tsx'
import { TextField } from '#components/ui/form/text-field.tsx'
import { timeInFull } from '#components/ui/time/time-in-words.ts'
import { furthestStartDays, shortestRoleMinutes } from '#lib/kernel/model/access/role-term.ts'
import { askableDurations } from './duration-options.ts'

const units = ['minutes', 'hours', 'days'].map((unit) => ({ value: unit, label: unit }))
const starts = [
  { value: 'approval', label: 'When it’s approved' },
  { value: 'later', label: 'At a time you choose' },
]
const week = '10080'

/**
 * Duration and start of a requested role. CSS hides the fields that aren't chosen, so that the form works without
 * scripts.
 */
export function RoleTermFields() {
  return (
    <div className="group space-y-4">
      <SelectField label="For how long" name="minutes" defaultValue={week} options={askableDurations} />
      <div className="group-has-[option[value=exact]:checked]:grid hidden grid-cols-[8rem_10rem] gap-3">
        <TextField label="Duration" name="amount" inputMode="numeric" maxLength={6} defaultValue="30" />
        <SelectField label="Unit" name="unit" defaultValue="minutes" options={units} />
        <p className="col-span-2 text-muted text-sm">From {shortestRoleMinutes} minutes to 365 days.</p>
      </div>
      <SelectField label="Starts" name="start" defaultValue="approval" options={starts} />
      <div className="group-has-[option[value=later]:checked]:block hidden">
        <StartField />
      </div>
    </div>
  )
}

function StartField() {
  const [typed, setTyped] = useState('')
  const at = new Date(`${typed}Z`)
  const own = typed && !Number.isNaN(at.getTime()) ? ` That is ${timeInFull(at, true)}.` : ''
  return (
    <TextField
      type="datetime-local"
      label="Start (UTC)"
      name="startsAt"
      className="[&_input]:max-w-64"
      onChange={(event) => setTyped(event.currentTarget.value)}
      hint={`Within the next ${furthestStartDays} days.${own} If it’s approved later, it starts then.`}
    />
  )
}
