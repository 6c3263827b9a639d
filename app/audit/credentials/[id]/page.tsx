import { storyMetadata, storyPage } from '#app/audit/story-page.tsx'
import type { SearchParams } from '#app/search-params.ts'
import { readCredentialStory } from '#lib/features/audit/use-cases/read-story.ts'

export const metadata = storyMetadata

type Props = { params: Promise<{ id: string }>; searchParams: Promise<SearchParams> }

/** The story of a credential: how it was used and changed. */
export default async function CredentialStoryPage({ params, searchParams }: Props) {
  const { id } = await params
  return storyPage({
    of: 'credentials',
    id,
    searchParams,
    read: (ctx, before) => readCredentialStory(ctx, { id, before }),
  })
}
