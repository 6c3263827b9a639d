import { personOption } from '#components/spaces/person-option.tsx'
import type { ComboboxOption } from '#components/ui/form/listbox.tsx'
import { Icon } from '#components/ui/icon.tsx'
import type { SearchResults } from '#lib/features/search/model/search-query.ts'
import { membersInWords } from '#lib/kernel/model/people/group-label.ts'
import type { KnownGroup } from '#lib/kernel/model/people/known-group.ts'

async function find(text: string): Promise<SearchResults | null> {
  const answer = await fetch(`/api/rows/search?${new URLSearchParams({ text })}`, { cache: 'no-store' })
  return answer.ok ? answer.json() : null
}

/** @returns people by part of a name, handle or email address, as options with their handles; null: it failed */
export const findPeople = async (text: string): Promise<ComboboxOption[] | null> =>
  (await find(text))?.people.map((person) => personOption(person, person.handle)) ?? null

/** As findPeople, without deactivated people. */
export const findActivePeople = async (text: string): Promise<ComboboxOption[] | null> =>
  (await find(text))?.people
    .filter(({ deactivated }) => !deactivated)
    .map((person) => personOption(person, person.handle)) ?? null

/**
 * @returns spaces that the person sees, by part of a name or description, as options with their names; null: it failed.
 *   Spaces of the same name on several clusters are one option
 */
export async function findSpaces(text: string): Promise<ComboboxOption[] | null> {
  const found = await find(text)
  if (!found) return null
  return [...Map.groupBy(found.spaces, ({ name }) => name)].map(([name, spaces]) => {
    const detail = spaces.map(({ owner, cluster }) => [owner, cluster].filter(Boolean).join(' · ')).join(', ')
    return {
      id: name,
      value: name,
      names: [],
      label: name,
      detail,
      summary: `${name}, of ${detail}`,
      icon: <Icon name="space" className="text-muted" />,
    }
  })
}

/** @returns groups of the main identity provider by part of a name, as options with their names; null: it failed */
export async function findGroups(text: string): Promise<ComboboxOption[] | null> {
  const answer = await fetch(`/api/rows/groups?${new URLSearchParams({ text })}`, { cache: 'no-store' })
  if (!answer.ok) return null
  const found: KnownGroup[] = await answer.json()
  return found.map(({ group, people }) => ({
    id: group,
    value: group,
    names: [],
    label: group,
    detail: membersInWords(people),
    summary: `${group}: ${membersInWords(people)}`,
    icon: <Icon name="users" className="text-muted" />,
  }))
}

const several = (text: string) => `“${text}” matches more than one. Choose the one you mean.`

export const peopleWords = { several, none: (text: string) => `No one called “${text}” has signed in yet.` }
export const groupWords = { several, none: (text: string) => `No one in a group called “${text}” has signed in yet.` }
export const spaceWords = { several, none: (text: string) => `No space is called “${text}”.` }
