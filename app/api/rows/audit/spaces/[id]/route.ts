import { toAuditListData } from '#components/audit/audit-list-data.ts'
import { readSpaceStory, thingStoryInput } from '#lib/features/audit/use-cases/read-story.ts'
import { rowsRoute } from '#lib/web/page/rows-route.ts'

/** The rows of a space’s story. */
export const GET = rowsRoute({
  name: 'story rows',
  input: thingStoryInput,
  useCase: readSpaceStory,
  show: ({ page }, { before }) => toAuditListData(page, {}, before),
})

export const dynamic = 'force-dynamic'
