import { personOption } from '#components/spaces/person-option.tsx'
import type { ComboboxOption } from '#components/ui/form/combobox.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { SearchResults } from '#lib/features/audit/model/search-query.ts'

async function find(text: string): Promise<SearchResults | null> {
  const answer = await fetch(`/api/rows/search?${new URLSearchParams({ text })}`, { cache: 'no-store' })
  return answer.ok ? answer.json() : null
}

/** @returns people by part of a name, handle or email address, as options with their handles; null: it failed */
export const findPeople = async (text: string): Promise<ComboboxOption[] | null> =>
  (await find(text))?.people.map((person) => personOption(person, person.handle)) ?? null

/** @returns spaces by part of a name or description, as options with their names; null: it failed */
export const findSpaces = async (text: string): Promise<ComboboxOption[] | null> =>
  (await find(text))?.spaces.map(({ name, owner, cluster }) => ({
    id: name,
    value: name,
    names: [],
    label: name,
    detail: [owner, cluster].filter(Boolean).join(' · '),
    summary: `${name}, owned by ${owner}`,
    icon: <Icon name="box" className="text-muted" />,
  })) ?? null
