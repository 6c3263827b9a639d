import { spaceKey } from '#lib/kernel/use-case/authorize.ts'
import { answerFailure } from '#lib/web/action/answer-failure.ts'
import { parseSearchParams } from '#lib/web/action/parse-form.ts'
import { liveActivity } from '#lib/web/page/live-trail.ts'

export async function GET(request: Request, { params }: { params: Promise<{ name: string }> }): Promise<Response> {
  try {
    const query = new URL(request.url).searchParams
    query.set('name', (await params).name)
    return await liveActivity(request, parseSearchParams(spaceKey, query))
  } catch (error) {
    return answerFailure(error, request.headers, 'live activity')
  }
}

export const dynamic = 'force-dynamic'
