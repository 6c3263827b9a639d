import { storyMetadata, storyPage } from '#app/audit/story-page.tsx'
import type { SearchParams } from '#app/search-params.ts'
import { readSpaceStory } from '#lib/features/audit/use-cases/read-story.ts'

export const metadata = storyMetadata

type Props = { params: Promise<{ id: string }>; searchParams: Promise<SearchParams> }

/** The story of a space, deleted or not. */
export default async function SpaceStoryPage({ params, searchParams }: Props) {
  const { id } = await params
  return storyPage({ of: 'spaces', id, searchParams, read: (ctx, before) => readSpaceStory(ctx, { id, before }) })
}
