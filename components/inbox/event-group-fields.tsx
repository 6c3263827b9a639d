'use client'

import { usePostedCheck } from '#components/ui/form/posted-fields.ts'
import type { EventGroup } from '#lib/kernel/model/inbox/event.ts'
import type { EventChoices } from '#lib/kernel/model/inbox/event-choices.ts'

const groups: readonly { group: EventGroup; label: string; detail: string }[] = [
  {
    group: 'waiting',
    label: 'Needs your action',
    detail: 'Requests for you to decide, spaces offered to you, a webhook that was turned off.',
  },
  { group: 'decided', label: 'Your requests', detail: 'Approved, denied or expired.' },
  { group: 'access', label: 'Your access', detail: 'Roles granted, changed or removed, kubeconfigs revoked.' },
  { group: 'spaces', label: 'Your spaces', detail: 'Answers to your offers, and actions by platform admins.' },
  {
    group: 'endings',
    label: 'Expirations',
    detail: 'Your spaces, roles and kubeconfigs: 7, 3 and 1 days before. Roles of a day or less: minutes before.',
  },
]

/** A checkbox for each group of events. */
export const EventGroupFields = ({ legend, choices }: { legend: string; choices: EventChoices }) => (
  <fieldset className="space-y-3">
    <legend className="mb-2 font-medium text-sm">{legend}</legend>
    {groups.map(({ group, ...words }) => (
      <GroupField key={group} group={group} checked={choices[group]} {...words} />
    ))}
  </fieldset>
)

type FieldProps = (typeof groups)[number] & { checked: boolean }

function GroupField({ group, label, detail, checked }: FieldProps) {
  const startsChecked = usePostedCheck(group, checked)
  return (
    <label className="flex items-start gap-2.5">
      <input type="checkbox" name={group} defaultChecked={startsChecked} className="mt-1 size-4 shrink-0" />
      <span>
        <span className="block font-medium">{label}</span>
        <span className="block text-muted text-sm">{detail}</span>
      </span>
    </label>
  )
}
