import type { Target } from '#lib/gateway/target/parse-target.ts'
import { createNamesReader } from './names-reader.ts'

/** JSON may have blanks before the opening brace. */
const json = /^[ \t\r\n]*\{/
const maxBlankBytes = 1_024

/** @returns the name of the object that a request creates; undefined unless the body has it exactly once */
export function nameFromBody(target: Target, body: Buffer): string | undefined {
  if (target.kind !== 'resource' || target.verb !== 'create' || target.name !== '') return undefined
  const reader = createNamesReader(json.test(body.toString('latin1', 0, maxBlankBytes)) ? 'json' : 'protobuf')
  reader.onData(body)
  const { name, generateName, complete } = reader.found()
  if (!complete) return undefined
  return name ?? (generateName && `${generateName}…`)
}
