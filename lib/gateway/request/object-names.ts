/**
 * What the trail learns of an object, or of a list or table of objects, while its bytes pass: kind and names. Nothing of
 * it is kept in memory, so its size doesn’t matter. Must never take a name from anywhere but an object’s own metadata.
 */

export type ObjectNames = {
  /** Of the object, list or table itself. */
  kind: string | undefined
  name: string | undefined
  generateName: string | undefined
  /** The first cell of a table: the name of its first object. */
  cell: string | undefined
  /** Of the objects of a list or table: the first ones. */
  names: string[]
  /** How many objects with names the list or table has. */
  count: number
  /** All of it was read, and it can be read in one way only. */
  complete: boolean
}

export type NamesReader = {
  onData(chunk: Buffer): void
  found(): ObjectNames
}

const maxNames = 50
/** The API server’s names have 253 characters at most; escapes make them longer. */
export const maxTextBytes = 2_048

export type Place = 'kind' | 'name' | 'generateName' | 'names' | 'cell'

/** The path of each text that matters, keys joined by slashes, `[]` for any element of a list. */
export const places: ReadonlyMap<string, Place> = new Map([
  ['kind', 'kind'],
  ['metadata/name', 'name'],
  ['metadata/generateName', 'generateName'],
  ['items/[]/metadata/name', 'names'],
  ['rows/[]/object/metadata/name', 'names'],
  ['rows/[]/cells/[]', 'cell'],
])

/** @returns the empty result */
export const noNames = (): ObjectNames => ({
  ...{ kind: undefined, name: undefined, generateName: undefined, cell: undefined },
  ...{ names: [], count: 0, complete: false },
})

/** Notes the text at a place. Only its first cell counts of a table, elsewhere what comes last. */
export function note(found: ObjectNames, place: Place, text: string): void {
  if (text === '') return
  if (place === 'names') {
    found.count++
    if (found.names.length < maxNames) found.names.push(text)
  } else if (place === 'cell') found.cell ??= text
  else found[place] = text
}
