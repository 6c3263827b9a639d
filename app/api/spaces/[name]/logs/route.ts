import { z } from 'zod'
import { logSources } from '#lib/features/spaces/model/log-sources.ts'
import { maxTailLines } from '#lib/features/spaces/model/log-stream.ts'
import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import { readContext } from '#lib/web/action/action-context.ts'
import { answerFailure } from '#lib/web/action/answer-failure.ts'
import { parseSearchParams } from '#lib/web/action/parse-form.ts'
import { downloadLogs, streamLogs } from '#lib/web/gateway/stream-logs.ts'

const flag = z.enum(['true', 'false']).transform((text) => text === 'true')

const asked = spaceKey.extend({
  of: logSources,
  follow: flag.default(false),
  previous: flag.default(false),
  tail: z.coerce.number().int().min(0).max(maxTailLines).default(500),
  since: z.iso.datetime({ offset: true }).optional(),
  file: flag.default(false),
})

/** The logs of a space's containers: as events for the page, or as a file. */
export async function GET(request: Request, { params }: { params: Promise<{ name: string }> }): Promise<Response> {
  try {
    const ctx = await readContext()
    const search = new URL(request.url).searchParams
    search.set('name', (await params).name)
    const { of: sources, file, tail, since, follow, previous, ...space } = parseSearchParams(asked, search)
    const wanted = { space, sources, follow, previous }
    if (file) return await downloadLogs(request, ctx, wanted)
    return await streamLogs(request, ctx, { ...wanted, ...(since ? { sinceTime: since } : { tailLines: tail }) })
  } catch (error) {
    return answerFailure(error, request.headers, 'logs')
  }
}

export const dynamic = 'force-dynamic'
