import { toAuditListData } from '#components/audit/audit-list-data.ts'
import { personStoryInput, readPersonStory } from '#lib/features/audit/use-cases/read-story.ts'
import { rowsRoute } from '#lib/web/page/rows-route.ts'

/** The rows of a person’s story. */
export const GET = rowsRoute({
  name: 'story rows',
  input: personStoryInput,
  useCase: readPersonStory,
  show: (page, { before }) => toAuditListData(page, {}, before),
})

export const dynamic = 'force-dynamic'
