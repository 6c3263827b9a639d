'use client'

import { usePostedCheck } from '#components/ui/form/posted-fields.ts'

type Props = { label: string; name: string; checked: boolean }

/** A labeled checkbox. The form sends `on` if it is checked. */
export function CheckField({ label, name, checked }: Props) {
  const startsChecked = usePostedCheck(name, checked)
  return (
    <label className="flex min-h-6 items-center gap-2 text-sm">
      <input type="checkbox" name={name} defaultChecked={startsChecked} className="size-4 shrink-0" />
      {label}
    </label>
  )
}
