import { expect, test } from 'vitest'
import { gitInWords } from './git-in-words.ts'

const space = { declaredNamespace: null, standing: null }
const theirs = { declaredNamespace: 'team-a', standing: 'viewer' as const }
const mine = { declaredNamespace: 'team-a', standing: 'owner' as const }

test('where nothing is declared, nothing is said', () => {
  for (const act of ['end', 'offer', 'remove'] as const) expect(gitInWords(act, [space, space])).toEqual([])
})

test('one’s own are left alone, but for deleting; others are changed all the same', () => {
  expect(gitInWords('end', [space, mine, theirs])).toEqual([
    '1 space of your own is managed in Git, and will be left alone: change it there.',
    '1 space is managed in Git. Its end changes here, and stays so until its object changes.',
  ])
  expect(gitInWords('offer', [mine, mine])).toEqual([
    '2 spaces of your own are managed in Git, and will be left alone: take them back under their Settings first.',
  ])
  expect(gitInWords('offer', [mine])).toEqual([
    '1 space of your own is managed in Git, and will be left alone: take it back under its Settings first.',
  ])
  expect(gitInWords('remove', [mine, theirs])).toEqual([
    '2 spaces are managed in Git. They are deleted all the same, and made anew if their objects change: delete those in Git as well.',
  ])
})
