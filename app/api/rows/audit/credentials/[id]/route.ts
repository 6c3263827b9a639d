import { toAuditListData } from '#components/audit/audit-list-data.ts'
import { readCredentialStory, thingStoryInput } from '#lib/features/audit/use-cases/read-story.ts'
import { rowsRoute } from '#lib/web/page/rows-route.ts'

/** The rows of a credential’s story. */
export const GET = rowsRoute({
  name: 'story rows',
  input: thingStoryInput,
  useCase: readCredentialStory,
  show: ({ page }, { before }) => toAuditListData(page, {}, before),
})

export const dynamic = 'force-dynamic'
