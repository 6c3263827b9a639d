import type { ComboboxOption } from '#components/ui/form/listbox.tsx'
import { Icon } from '#components/ui/icon.tsx'
import { readablePart } from '#lib/kernel/model/people/handle.ts'

/** @returns a person as an option: found by name, email address and handle, and distinguished by the handle */
export const personOption = (
  { handle, name, email, from = null }: { handle: string; name: string; email: string; from?: string | null },
  value: string,
): ComboboxOption => {
  const origin = from && `from ${from}`
  return {
    id: handle,
    value,
    names: [name, email, readablePart(handle)],
    label: name,
    // First, because a narrow list shows only this of two people with the same name and address.
    detail: [origin, email, handle].filter(Boolean).join(' · '),
    summary: [name, email, handle, origin].filter(Boolean).join(', '),
    icon: <Icon name="user" className="text-muted" />,
  }
}
