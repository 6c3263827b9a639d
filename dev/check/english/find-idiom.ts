import { globSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { markersIn, wordsIn } from './markers.ts'
import { type Kind, kinds, textsOf } from './texts-of.ts'

/** Marker phrases for each 10,000 words. Projects that read well have 2 to 10. */
const limit = 15

/** Where a marker phrase is. */
export type Place = { path: string; line: number; phrase: string }
/** What the texts of one kind in one folder have. */
export type Count = { folder: string; kind: Kind; words: number; places: Place[] }

const sources =
  '{app,bench,bin,components,deploy,dev,docs,e2e,lib,prisma,.github}/**/*.{ts,tsx,mjs,md,prisma,sql,yaml,yml}'

/**
 * @param root of the project
 * @param folders to read; none: all
 * @returns the counts of each folder and kind of text
 */
export function countIdiom(root: string, folders: readonly string[] = []): Count[] {
  const files = globSync([sources, '*.{ts,mjs,md}'], {
    cwd: root,
    exclude: ['**/node_modules/**', '**/.next/**', 'lib/kernel/db/generated/**', 'dev/check/english/**'],
  }).filter(
    (path) => folders.length === 0 || folders.some((folder) => path === folder || path.startsWith(`${folder}/`)),
  )
  const counts = new Map<string, Count>()
  for (const path of files.sort())
    for (const { kind, line, text } of textsOf(path, readFileSync(join(root, path), 'utf8'))) {
      const folder = dirname(path)
      const count = counts.get(`${kind} ${folder}`) ?? { folder, kind, words: 0, places: [] }
      counts.set(`${kind} ${folder}`, count)
      count.words += wordsIn(text)
      for (const phrase of markersIn(text)) count.places.push({ path, line, phrase })
    }
  return [...counts.values()]
}

/** @returns marker phrases for each 10,000 words */
export const density = (places: number, words: number): number => (words === 0 ? 0 : (places / words) * 10_000)

/** One phrase in a small folder is no habit. */
const isTooMany = ({ words, places }: Count) => places.length > 1 && density(places.length, words) > limit

/** @returns what to rewrite, a line for each folder and kind of text with too many marker phrases */
export function findIdiom(root: string): string[] {
  const order = (kind: Kind) => kinds.indexOf(kind)
  return countIdiom(root)
    .filter(isTooMany)
    .sort((a, b) => order(a.kind) - order(b.kind) || a.folder.localeCompare(b.folder))
    .map(({ folder, kind, words, places }) => {
      const shown = places.slice(0, 5).map(({ path, line, phrase }) => `${path}:${line} “${phrase}”`)
      const found = `${places.length} in ${words} words, ${density(places.length, words).toFixed(0)} per 10,000`
      return `${kind} of ${folder}: ${found} (at most ${limit}): ${shown.join(', ')}`
    })
}
