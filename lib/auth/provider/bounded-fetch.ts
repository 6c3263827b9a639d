type FetchOptions = {
  method?: string
  headers?: HeadersInit
  body?: BodyInit | null | undefined
  signal?: AbortSignal | null | undefined
}
type Bounds = { timeoutMs: number; maxBytes: number }

/** Limits for the whole response, which fit hundreds of keys, or the claims of a person in thousands of groups. */
const usual: Bounds = { timeoutMs: 10_000, maxBytes: 1_000_000 }

/**
 * Fetches from the identity provider within a time and size limit. Doesn't follow redirects.
 * @throws Error if the response isn't complete in time (named TimeoutError), or is too long
 */
export async function boundedFetch(
  url: string,
  options: FetchOptions = {},
  bounds: Partial<Bounds> = {},
): Promise<Response> {
  const { timeoutMs, maxBytes } = { ...usual, ...bounds }
  const inTime = AbortSignal.timeout(timeoutMs)
  const response = await fetch(url, {
    ...options,
    body: options.body ?? null,
    redirect: 'manual',
    cache: 'no-store',
    signal: options.signal ? AbortSignal.any([options.signal, inTime]) : inTime,
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
  // The body is already decoded.
  headers.delete('content-encoding')
  headers.delete('content-length')
  return new Response(size === 0 ? null : Buffer.concat(chunks), { status, statusText, headers })
}
