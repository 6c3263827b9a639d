import type { AuditFilterText } from '#lib/features/audit/model/audit-filter.ts'
import type { StoryKind } from '#lib/features/audit/model/story-view.ts'

/** @returns the path of a story: of a person, their Activity */
export const storyPath = (of: StoryKind, key: string): string =>
  of === 'people' ? `/admin/people/${encodeURIComponent(key)}/activity` : `/audit/${of}/${encodeURIComponent(key)}`

/** @returns the filter that finds a story’s events */
export function storyFilter(of: StoryKind, key: string): AuditFilterText {
  if (of === 'people') return { person: key }
  return of === 'spaces' ? { spaceId: key } : { credentialId: key }
}

/** @returns the permanent address of an event */
export const eventPath = (id: string): string => `/audit/events/${encodeURIComponent(id)}`
