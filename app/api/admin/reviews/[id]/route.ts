import { z } from 'zod'
import { exportReview } from '#lib/features/reviews/use-cases/export-review.ts'
import { parseSearchParams } from '#lib/web/action/parse-form.ts'
import { download } from '#lib/web/page/download.ts'

const asked = z.strictObject({ format: z.enum(['json', 'csv']) })

/** A download of a review: the report (its hash covers exactly these bytes), or its lines as CSV. */
export const GET = (request: Request, { params }: { params: Promise<{ id: string }> }): Promise<Response> =>
  download(request, 'access review', async (ctx, query) => {
    const { format } = parseSearchParams(asked, query)
    const { id } = await params
    const pieces = await exportReview(ctx, { id, format })
    const type = format === 'json' ? 'application/json' : 'text/csv'
    return { name: `spaceport-review-${id}.${format}`, type, pieces }
  })

export const dynamic = 'force-dynamic'
