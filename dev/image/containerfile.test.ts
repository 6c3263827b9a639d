import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { projectRoot } from '#dev/project-root.ts'
import { containerfile, imageNames } from './images.ts'

const read = (path: string) => readFileSync(path, 'utf8')

/** bin/spaceport's cases: flags, file below the project, and arenas. */
function launched(name: string) {
  const [, block = ''] =
    new RegExp(`^  ${name}\\)\\n([^;]*);;`, 'm').exec(read(join(projectRoot, 'bin', 'spaceport'))) ?? []
  const value = (key: string) => new RegExp(`^ +${key}='?([^'\\n]*)'?$`, 'm').exec(block)?.[1]
  return { flags: value('flags')?.split(' '), file: value('file'), arenas: value('arenas') ?? '2' }
}

function imaged(name: string) {
  const text = read(containerfile)
  const block = text.split('\nFROM ').find((stage) => stage.startsWith(`base AS ${name}\n`)) ?? ''
  const entry: string[] = JSON.parse(/^ENTRYPOINT (.*)$/m.exec(block)?.[1] ?? '[]')
  const arenas = [text, block].map((part) => /MALLOC_ARENA_MAX=(\d)/.exec(part)?.[1])
  return { node: entry[0], flags: entry.slice(1, -1), file: entry.at(-1), arenas: arenas[1] ?? arenas[0] }
}

test.each(imageNames)('the image of %s starts it as bin/spaceport does', (name) => {
  const expected = launched(name)
  const image = imaged(name)
  expect(expected.flags?.length).toBeGreaterThan(1)
  expect(image).toMatchObject({ node: '/usr/bin/node', flags: expected.flags, arenas: expected.arenas })
  // The portal's build becomes the folder of the app.
  const file = name === 'web' ? '/app/server.js' : expected.file?.replace('$root', '/app')
  expect(image.file).toBe(file)
})
