type Asked = {
  method?: string
  headers?: HeadersInit
  body?: BodyInit | null | undefined
  signal?: AbortSignal | null | undefined
}
type Bounds = { timeoutMs: number; maxBytes: number }

/** The total time and size of an answer: hundreds of keys, or the claims of someone in thousands of groups, fit. */
const usual: Bounds = { timeoutMs: 10_000, maxBytes: 1_000_000 }

/**
 * Fetches from the identity provider. Whatever it sends, and however slowly, the answer is complete within a time
 * limit, or there is none. Redirects are not followed.
 * @throws Error when there is no complete answer in time (its name is TimeoutError), or it is too long
 */
export async function boundedFetch(url: string, asked: Asked = {}, bounds: Partial<Bounds> = {}): Promise<Response> {
  const { timeoutMs, maxBytes } = { ...usual, ...bounds }
  const inTime = AbortSignal.timeout(timeoutMs)
  const response = await fetch(url, {
    ...asked,
    body: asked.body ?? null,
    redirect: 'manual',
    cache: 'no-store',
    signal: asked.signal ? AbortSignal.any([asked.signal, inTime]) : inTime,
  })
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength
    if (size > maxBytes) throw new Error(`the identity provider’s answer is longer than ${maxBytes} bytes`)
    chunks.push(chunk)
  }
  const { status, statusText } = response
  const headers = new Headers(response.headers)
  // The body is decoded already.
  headers.delete('content-encoding')
  headers.delete('content-length')
  return new Response(size === 0 ? null : Buffer.concat(chunks), { status, statusText, headers })
}
