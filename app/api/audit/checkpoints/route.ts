import { z } from 'zod'
import { exportCheckpoints } from '#lib/features/audit/use-cases/export-checkpoints.ts'
import { parseSearchParams } from '#lib/web/action/parse-form.ts'
import { download } from '#lib/web/page/download.ts'

/** The trail's checkpoints as a file. */
export const GET = (request: Request): Promise<Response> =>
  download(request, 'checkpoints export', async (ctx, query) => {
    parseSearchParams(z.strictObject({}), query)
    const pieces = await exportCheckpoints(ctx)
    return {
      name: `spaceport-checkpoints-${ctx.now.toISOString().slice(0, 10)}.ndjson`,
      type: 'application/x-ndjson',
      pieces,
    }
  })

export const dynamic = 'force-dynamic'
