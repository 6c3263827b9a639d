import { maxTextBytes, type NamesReader, noNames, note, type Place } from './object-names.ts'

/** The prefix of every object (kube-proto.ts). */
const magic = Buffer.from('k8s\0')

/**
 * The fields that lead to names, by the numbers in k8s.io/apimachinery, generated.proto: the type and object of the
 * envelope (runtime.Unknown), then metadata (of an object or list) and items.
 */
const places: ReadonlyMap<string, Place | null> = new Map<string, Place | null>([
  ['1', null],
  ['1/2', 'kind'],
  ['2', null],
  ['2/1', null],
  ['2/1/1', 'name'],
  ['2/1/2', 'generateName'],
  ['2/2', null],
  ['2/2/1', null],
  ['2/2/1/1', 'names'],
])

type State = 'magic' | 'tag' | 'length' | 'varint' | 'skip' | 'text'

/**
 * Reads Kubernetes' protobuf as it passes. Only lists have items; other objects use the field number differently. A
 * list's metadata begins with selfLink and resourceVersion, an object's with names.
 */
export function createProtobufNames(): NamesReader {
  const found = noNames()
  let position = 0
  const ends: number[] = []
  const path: number[] = []
  let broken = false
  let varint = 0
  let shift = 0
  let state: State = 'magic'
  let field = 0
  let left = 0
  let text: Buffer[] = []
  let objects = 0
  const isList = () => found.kind?.endsWith('List') === true

  function settle(): void {
    while (ends.length > 0 && position >= (ends.at(-1) ?? 0)) {
      if (position > (ends.at(-1) ?? 0)) broken = true
      ends.pop()
      path.pop()
    }
    state = 'tag'
  }

  function enter(length: number): void {
    const key = [...path, field].join('/')
    const place = key === '2/2' && !isList() ? undefined : places.get(key)
    // Go keeps the last of several objects; this reader would take names from all of them.
    if (key === '2' && objects++ > 0) broken = true
    const parent = ends.at(-1)
    if (parent !== undefined && position + length > parent) broken = true
    left = length
    if (place === undefined || (place !== null && length > maxTextBytes)) state = 'skip'
    else if (place === null) {
      path.push(field)
      ends.push(position + length)
      settle()
      return
    } else {
      text = []
      state = 'text'
    }
    if (left === 0) settle()
  }

  /**
   * Multiplies because shifting would lose bits.
   * @returns the number, once its last byte has arrived
   */
  function readVarint(byte: number): number | undefined {
    varint += (byte & 0x7f) * 2 ** shift
    shift += 7
    if (byte >= 0x80) {
      if (shift > 63) broken = true
      return undefined
    }
    const value = varint
    varint = 0
    shift = 0
    return value
  }

  function take(byte: number): void {
    const value = readVarint(byte)
    if (value === undefined) return
    if (state === 'varint') settle()
    else if (state === 'length') enter(value)
    else takeTag(value)
  }

  function takeTag(value: number): void {
    field = Math.floor(value / 8)
    const wire = value % 8
    if (wire === 0) state = 'varint'
    else if (wire === 2) state = 'length'
    else if (wire === 1 || wire === 5) {
      state = 'skip'
      left = wire === 1 ? 8 : 4
    } else broken = true
  }

  function endText(): void {
    const place = places.get([...path, field].join('/'))
    const said = Buffer.concat(text).toString('utf8')
    if (place && (place === 'kind' || (place === 'names') === isList())) note(found, place, said)
  }

  return {
    onData(chunk) {
      for (let at = 0; at < chunk.length && !broken; ) {
        if (state === 'skip' || state === 'text') {
          const bytes = chunk.subarray(at, at + left)
          if (state === 'text') text.push(Buffer.from(bytes))
          at += bytes.length
          position += bytes.length
          left -= bytes.length
          if (left > 0) continue
          if (state === 'text') endText()
          settle()
          continue
        }
        const byte = chunk[at++] ?? 0
        if (state !== 'magic') {
          position++
          take(byte)
          continue
        }
        if (byte !== magic[position++]) broken = true
        if (position === magic.length) state = 'tag'
      }
    },
    found: () => ({ ...found, complete: !broken && state === 'tag' && ends.length === 0 && position > magic.length }),
  }
}
