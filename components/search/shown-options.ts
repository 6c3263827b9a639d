import type { SearchResults } from '#lib/features/search/model/search-query.ts'
import {
  actionsOf,
  idOfPerson,
  idOfSpace,
  type OptionGroup,
  optionGroups,
  type PaletteOption,
  personOption,
  spaceOption,
} from './palette-options.ts'

const wordsOf = (text: string): string[] => text.toLowerCase().split(/\s+/).filter(Boolean)

/** Words of `actionsOf` that may surround a space's name. */
const aboutSpaces = /^(open|download|kubeconfig|connect|activity|access|settings|of|for)$/

/** @returns the text to search for on the server: “kubeconfig for web” searches for “web”, “kubeconfig” for itself */
export function searchedText(typed: string): string {
  const words = wordsOf(typed)
  const from = words.findIndex((word) => !aboutSpaces.test(word))
  const to = words.findLastIndex((word) => !aboutSpaces.test(word))
  return (from === -1 ? words : words.slice(from, to + 1)).join(' ')
}

/** How well an option matches: 0 not at all; highest if its label is the typed text. */
function fitOf({ label, also = '', detail = '' }: PaletteOption, words: readonly string[]): number {
  const name = label.toLowerCase()
  const typed = words.join(' ')
  if (name === typed) return 5
  if (name.startsWith(typed)) return 4
  const starts = words.every((word) => name.split(/[\s\-_.]/).some((part) => part.startsWith(word)))
  if (starts) return 3
  const all = `${name} ${also} ${detail}`.toLowerCase()
  return words.every((word) => all.includes(word)) ? 2 : 0
}

/** The limit of all options, and of one group while something is typed. */
const maxShown = 20
const maxOfGroup = 8
/** Limits without a text. */
const maxFirst: Readonly<Record<OptionGroup, number>> = { Recent: 6, Spaces: 5, People: 0, Pages: 0, Actions: 6 }

type SearchState = {
  typed: string
  fixed: readonly PaletteOption[]
  /** The server's results for this text, in order; null: not yet. */
  found: SearchResults | null
  /** All results since the palette was opened. */
  known: SearchResults
  /** Ids, the last used first. */
  recent: readonly string[]
}

export type ShownGroup = { group: OptionGroup; options: PaletteOption[] }

/**
 * @returns at most 20 options in groups, best matches first, then recently used ones. A space's actions are shown for
 *   the first space, and for others if a word of them was typed
 */
export function shownOptions({ typed, fixed, found, known, recent }: SearchState): ShownGroup[] {
  const words = wordsOf(typed)
  const spaces = distinct([...(found?.spaces ?? []), ...known.spaces], idOfSpace)
  const people = distinct([...(found?.people ?? []), ...known.people], idOfPerson)
  const things = [...spaces.map(spaceOption), ...people.map(personOption), ...fixed]
  const acts = spaces.map(actionsOf)
  if (words.length === 0) return firstOptions(things, acts.flat(), recent)

  const fromServer = new Set([...(found?.spaces ?? []).map(idOfSpace), ...(found?.people ?? []).map(idOfPerson)])
  const offered = acts.flatMap((ofSpace, at) =>
    ofSpace.filter(({ does }) => at === 0 || words.some((word) => does.includes(word))),
  )
  const lastUsed = ({ id }: PaletteOption) => (recent.includes(id) ? recent.indexOf(id) : recent.length)
  const fits = [...things, ...offered]
    .map((option) => ({ option, fit: fitOf(option, words) || (fromServer.has(option.id) ? 1 : 0) }))
    .filter(({ fit }) => fit > 0)
    .sort((a, b) => b.fit - a.fit || lastUsed(a.option) - lastUsed(b.option))
  return grouped(fits.map(({ option }) => option))
}

/** The options without a text: recent ones, the first spaces, actions. */
function firstOptions(
  things: readonly PaletteOption[],
  acts: readonly PaletteOption[],
  recent: readonly string[],
): ShownGroup[] {
  const all = [...things, ...acts]
  const used = recent.flatMap((id) => all.find((option) => option.id === id) ?? []).slice(0, maxFirst.Recent)
  const others = optionGroups.map((group) => ({
    group,
    options: things.filter((one) => one.group === group && !used.includes(one)).slice(0, maxFirst[group]),
  }))
  return [{ group: 'Recent' as const, options: used }, ...others].filter(({ options }) => options.length > 0)
}

/** Groups in the order of their best options. */
function grouped(options: readonly PaletteOption[]): ShownGroup[] {
  const groups = new Map<OptionGroup, PaletteOption[]>()
  let left = maxShown
  for (const option of options) {
    const group = groups.get(option.group) ?? []
    if (left === 0 || group.length === maxOfGroup) continue
    groups.set(option.group, group)
    group.push(option)
    left -= 1
  }
  return [...groups].map(([group, shown]) => ({ group, options: shown }))
}

function distinct<T>(all: readonly T[], idOf: (one: T) => string): T[] {
  const seen = new Set<string>()
  return all.filter((one) => seen.size < seen.add(idOf(one)).size)
}
