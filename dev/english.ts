/**
 * `node dev/run.mjs dev/english.ts [FOLDER …] [--all]`: marker phrases in comments, strings, test titles and docs, by place,
 * and how many there are for each 10,000 words. `--all` prints every text with its place, to read it.
 */
import { globSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { countIdiom, density } from '#dev/check/english/find-idiom.ts'
import { kinds, textsOf } from '#dev/check/english/texts-of.ts'
import { projectRoot } from '#dev/project-root.ts'

const { values, positionals } = parseArgs({ options: { all: { type: 'boolean' } }, allowPositionals: true })

if (values.all)
  for (const path of globSync(
    positionals.flatMap((one) => [one, `${one}/**/*`]),
    { cwd: projectRoot },
  ).sort())
    if (/\.(ts|tsx|mjs|md|prisma|sql|ya?ml)$/.test(path))
      for (const { kind, line, text } of textsOf(path, readFileSync(`${projectRoot}/${path}`, 'utf8')))
        console.log(
          `${path}:${line} ${kind === 'comments' ? '//' : kind === 'docs' ? '' : '"'} ${text.replace(/\s+/g, ' ')}`,
        )

const counts = countIdiom(projectRoot, positionals)
if (!values.all)
  for (const { kind, places } of counts)
    for (const { path, line, phrase } of places) console.log(`${path}:${line} ${kind}: ${phrase}`)
for (const kind of kinds) {
  const of = counts.filter((count) => count.kind === kind)
  const words = of.reduce((sum, count) => sum + count.words, 0)
  const places = of.reduce((sum, count) => sum + count.places.length, 0)
  if (words > 0) console.log(`${kind}: ${places} in ${words} words, ${density(places, words).toFixed(1)} per 10,000`)
}
