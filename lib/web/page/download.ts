import 'server-only'
import type { CallerContext } from '#lib/kernel/use-case/wrap-context.ts'
import { readContext } from '#lib/web/action/action-context.ts'
import { answerFailure } from '#lib/web/action/answer-failure.ts'
import { takeSlot } from '#lib/web/process/take-slot.ts'
import { watchedSession } from '#lib/web/request/current-session.ts'
import { type ByteRange, parseByteRange, settleByteRange } from './byte-range.ts'
import { whileEntitled } from './while-entitled.ts'

/** A download may read whole tables. */
const atOnce = { name: 'exports', most: 2, sentence: 'Two downloads are already running. Wait for one to finish.' }

type File = {
  name: string
  type: 'application/json' | 'application/x-ndjson' | 'text/csv'
  pieces: AsyncIterable<string>
}

/**
 * Sends a file while it is being made. It must not be cached.
 * @param name the route's name in logs
 * @param make parses the URL and calls the use case, which authorizes
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

type StoredFile = {
  name: string
  type: 'application/gzip'
  size: number
  read: (piece: { from: number; until: number }) => AsyncIterable<Uint8Array>
}

/**
 * Sends a finished, immutable file or the requested part (RFC 9110, section 14), so that an interrupted download can
 * resume. It must not be cached. Next sends no Content-Length.
 * @param name the route's name in logs
 * @param tag identifies the file
 * @param find calls the use case, which authorizes, with the requested range
 */
export async function downloadStored(
  request: Request,
  name: string,
  tag: string,
  find: (ctx: CallerContext, range: ByteRange | null) => Promise<StoredFile>,
): Promise<Response> {
  let release = () => {}
  try {
    const ctx = await readContext()
    release = takeSlot(atOnce, ctx.actor.userId)
    const sessionNow = await watchedSession()
    const etag = `"${tag}"`
    // The rest of another file would be useless (section 13.1.5).
    const isSame = (request.headers.get('if-range') ?? etag) === etag
    const range = isSame ? parseByteRange(request.headers.get('range')) : null
    const file = await find(ctx, range)
    const headers = { etag, 'accept-ranges': 'bytes', 'cache-control': 'no-store' }
    const piece = range ? settleByteRange(range, file.size) : { from: 0, until: file.size }
    if (!piece) {
      release()
      return new Response(null, { status: 416, headers: { ...headers, 'content-range': `bytes */${file.size}` } })
    }
    const { from, until } = piece
    const pieces = whileEntitled(file.read(piece), ctx.actor.platformRole, sessionNow)
    return new Response(streamText(pieces, release), {
      status: range ? 206 : 200,
      headers: {
        ...headers,
        'content-type': file.type,
        'content-disposition': `attachment; filename="${file.name}"`,
        ...(range && { 'content-range': `bytes ${from}-${until - 1}/${file.size}` }),
      },
    })
  } catch (error) {
    release()
    return answerFailure(error, request.headers, name)
  }
}

/**
 * @param onEnd called once: when everything is sent, the reader leaves, or a chunk fails
 * @returns a body that produces chunks no faster than they are read; text is encoded as UTF-8
 */
function streamText(pieces: AsyncIterable<string | Uint8Array>, onEnd: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const iterator = pieces[Symbol.asyncIterator]()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      try {
        let next = await iterator.next()
        // A pull that enqueues nothing is not repeated.
        while (!next.done && next.value.length === 0) next = await iterator.next()
        if (!next.done)
          return controller.enqueue(typeof next.value === 'string' ? encoder.encode(next.value) : next.value)
      } catch (error) {
        onEnd()
        throw error
      }
      controller.close()
      onEnd()
    },
    async cancel() {
      onEnd()
      await iterator.return?.()
    },
  })
}
