import type { Target } from '#lib/gateway/target/parse-target.ts'
import { createNamesReader } from './names-reader.ts'

const json = /^[ \t\r\n]*\{/
const maxBlankBytes = 1_024

/** @returns undefined unless the body has the name exactly once */
export function nameFromBody(target: Target, body: Buffer): string | undefined {
  if (target.kind !== 'resource' || target.verb !== 'create' || target.name !== '') return undefined
  const reader = createNamesReader(json.test(body.toString('latin1', 0, maxBlankBytes)) ? 'json' : 'protobuf')
  reader.onData(body)
  const { name, generateName, complete } = reader.found()
  if (!complete) return undefined
  return name ?? (generateName && `${generateName}…`)
}
