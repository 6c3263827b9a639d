import { createJsonNames } from './json-names.ts'
import type { NamesReader } from './object-names.ts'
import { createProtobufNames } from './protobuf-names.ts'
import { valuesOf } from './response-headers.ts'
import { createYamlNames } from './yaml-names.ts'

type ObjectFormat = 'json' | 'protobuf' | 'yaml'

export function createNamesReader(format: ObjectFormat): NamesReader {
  if (format === 'json') return createJsonNames()
  return format === 'yaml' ? createYamlNames() : createProtobufNames()
}

const formats: ReadonlyMap<string, ObjectFormat> = new Map([
  ['application/json', 'json'],
  ['application/yaml', 'yaml'],
  ['application/vnd.kubernetes.protobuf', 'protobuf'],
])

/**
 * @param fields of an answer: alternating lower-case names and values
 * @returns the encoding of its object; undefined: the gateway can't read it
 */
export function objectFormatOf(fields: readonly string[]): ObjectFormat | undefined {
  const [type, ...others] = valuesOf(fields, 'content-type')
  if (type === undefined || others.length > 0 || valuesOf(fields, 'content-encoding').length > 0) return undefined
  return formats.get(type.split(';', 1)[0]?.trim().toLowerCase() ?? '')
}
