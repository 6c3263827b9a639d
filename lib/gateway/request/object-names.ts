/**
 * Learns the kind and names of an object, list or table for the trail while its bytes pass. Keeps no body in memory, so
 * any size works. Must never take a name from anywhere but an object's own metadata.
 */

export type ObjectNames = {
  kind: string | undefined
  name: string | undefined
  generateName: string | undefined
  /** The first cell of a table: the name of its first object. */
  cell: string | undefined
  /** Of the first objects. */
  names: string[]
  /** Of all named objects. */
  count: number
  /** All of it was read, and it is unambiguous. */
  complete: boolean
}

export type NamesReader = {
  onData(chunk: Buffer): void
  found(): ObjectNames
}

const maxNames = 50
/** The API server's names have at most 253 characters; escapes make them longer. */
export const maxTextBytes = 2_048

export type Place = 'kind' | 'name' | 'generateName' | 'names' | 'cell'

/** The path of each relevant text: keys joined by slashes, `[]` for any element of a list. */
export const places: ReadonlyMap<string, Place> = new Map([
  ['kind', 'kind'],
  ['metadata/name', 'name'],
  ['metadata/generateName', 'generateName'],
  ['items/[]/metadata/name', 'names'],
  ['rows/[]/object/metadata/name', 'names'],
  ['rows/[]/cells/[]', 'cell'],
])

export const noNames = (): ObjectNames => ({
  ...{ kind: undefined, name: undefined, generateName: undefined, cell: undefined },
  ...{ names: [], count: 0, complete: false },
})

/** Adds the text at a place. Of table cells, only the first counts; elsewhere, the last. */
export function note(found: ObjectNames, place: Place, text: string): void {
  if (text === '') return
  if (place === 'names') {
    found.count++
    if (found.names.length < maxNames) found.names.push(text)
  } else if (place === 'cell') found.cell ??= text
  else found[place] = text
}
