import { GatewayRefusal } from '#lib/gateway/refusal.ts'

export const protobufType = 'application/vnd.kubernetes.protobuf'

/** JSON is valid YAML. */
const offered: readonly string[] = ['application/json', protobufType, 'application/yaml']

/**
 * @param accept the request's Accept field (RFC 9110, section 12.5.1); undefined: anything
 * @returns the media type to answer in
 * @throws GatewayRefusal not_acceptable
 */
export function answerEncoding(accept: string | undefined): string {
  const ranges = (accept ?? '*/*').split(',').map((item) => {
    const [range = '', ...parameters] = item.split(';').map((part) => part.trim().toLowerCase())
    const quality = parameters.find((parameter) => parameter.startsWith('q='))
    // Only the API server has other renderings, above all as=Table.
    const plain = parameters.every((parameter) => !parameter.startsWith('as='))
    return { range, plain, quality: quality === undefined ? 1 : Number(quality.slice(2)) || 0 }
  })
  for (const { range, plain, quality } of ranges.toSorted((a, b) => b.quality - a.quality)) {
    if (!plain || quality === 0) continue
    const found = offered.find((type) => range === type || range === '*/*' || range === 'application/*')
    if (found) return found
  }
  throw new GatewayRefusal('not_acceptable', 406, `the answer is only available as ${offered.join(', ')}`)
}
