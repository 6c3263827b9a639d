import { storyMetadata, storyPage } from '#app/audit/story-page.tsx'
import type { SearchParams } from '#app/search-params.ts'
import { readPersonStory } from '#lib/features/audit/use-cases/read-story.ts'

export const metadata = storyMetadata

type Props = { params: Promise<{ handle: string }>; searchParams: Promise<SearchParams> }

/** The story of a person: what they did, and what others changed about them. */
export default async function PersonStoryPage({ params, searchParams }: Props) {
  const { handle } = await params
  return storyPage({
    of: 'people',
    at: handle,
    searchParams,
    read: (ctx, before) => readPersonStory(ctx, { handle, before }),
  })
}
