import { readSpaceExport } from '#app/read-space-query.ts'
import { exportSpaces } from '#lib/features/spaces/use-cases/export-spaces.ts'
import { parseSearchParams } from '#lib/web/action/parse-form.ts'
import { download } from '#lib/web/page/download.ts'

/** A download of the list of spaces, with the URL's filters and order. */
export const GET = (request: Request): Promise<Response> =>
  download(request, 'spaces export', async (ctx, query) => {
    const pieces = await exportSpaces(ctx, parseSearchParams(readSpaceExport, query))
    return { name: `spaceport-spaces-${ctx.now.toISOString().slice(0, 10)}.csv`, type: 'text/csv', pieces }
  })

export const dynamic = 'force-dynamic'
