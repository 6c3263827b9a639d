import 'server-only'
import type { CallerContext } from '#lib/broker/use-case/seal-context.ts'
import { readContext } from '#lib/web/action/action-context.ts'
import { answerFailure } from '#lib/web/action/answer-failure.ts'
import { takeSlot } from '#lib/web/process/take-slot.ts'
import { watchedSession } from '#lib/web/request/current-session.ts'
import { streamText } from './stream-text.ts'
import { whileEntitled } from './while-entitled.ts'

type File = {
  name: string
  type: 'application/json' | 'application/x-ndjson' | 'text/csv'
  pieces: AsyncIterable<string>
}

/** A download may read whole tables. */
const atOnce = { name: 'exports', most: 2, sentence: 'Two downloads are already running. Wait for one to finish.' }

/**
 * Answers with a file that is made while it is sent. Nothing may store it.
 * @param name the route's name in logs
 * @param make parses the address and calls the use case, which authorizes
 */
export async function download(
  request: Request,
  name: string,
  make: (ctx: CallerContext, query: URLSearchParams) => Promise<File>,
): Promise<Response> {
  let release = () => {}
  try {
    const ctx = await readContext()
    release = takeSlot(atOnce, ctx.actor.userId)
    const sessionNow = await watchedSession()
    const file = await make(ctx, new URL(request.url).searchParams)
    const pieces = whileEntitled(file.pieces, ctx.actor.platformRole, sessionNow)
    return new Response(streamText(pieces, release), {
      headers: {
        'content-type': `${file.type}; charset=utf-8`,
        'content-disposition': `attachment; filename="${file.name}"`,
        'cache-control': 'no-store',
      },
    })
  } catch (error) {
    release()
    return answerFailure(error, request.headers, name)
  }
}
