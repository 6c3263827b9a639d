import type { ComboboxOption } from '#components/ui/combobox.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { readablePart } from '#lib/domain/handle.ts'

/** @returns a person to choose: found by name, e-mail address and handle, and told apart by the handle */
export const personOption = (
  { handle, name, email }: { handle: string; name: string; email: string },
  value: string,
): ComboboxOption => ({
  id: handle,
  value,
  names: [name, email, readablePart(handle)],
  label: name,
  detail: [email, handle].filter(Boolean).join(' · '),
  summary: [name, email, handle].filter(Boolean).join(', '),
  icon: <Icon name="user" className="text-muted" />,
})
