import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import { answerFailure } from '#lib/web/action/answer-failure.ts'
import { parseSearchParams } from '#lib/web/action/parse-form.ts'
import { liveSpace } from '#lib/web/page/live-space.ts'
import { lastEventTime, pageTime } from '#lib/web/page/page-time.ts'

const given = spaceKey.extend({ after: pageTime.optional() })

export async function GET(request: Request, { params }: { params: Promise<{ name: string }> }): Promise<Response> {
  try {
    const query = new URL(request.url).searchParams
    query.set('name', (await params).name)
    const { after, ...key } = parseSearchParams(given, query)
    return await liveSpace(request, key, after && lastEventTime(request.headers, after))
  } catch (error) {
    return answerFailure(error, request.headers, 'live')
  }
}

export const dynamic = 'force-dynamic'
