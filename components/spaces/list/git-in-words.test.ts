import { expect, test } from 'vitest'
import { gitInWords } from './git-in-words.ts'

const space = { declaredNamespace: null, standing: null }
const theirs = { declaredNamespace: 'team-a', standing: 'viewer' as const }
const mine = { declaredNamespace: 'team-a', standing: 'owner' as const }

test('without declared spaces, there is no note', () => {
  for (const act of ['end', 'offer', 'remove'] as const) expect(gitInWords(act, [space, space])).toEqual([])
})

test('one’s own spaces are skipped except for deletion; others’ are changed', () => {
  expect(gitInWords('end', [space, mine, theirs])).toEqual([
    '1 space of your own is managed in Git and will be skipped: change it there.',
    '1 space is managed in Git. Its end changes here, and stays that way until its object changes.',
  ])
  expect(gitInWords('offer', [mine, mine])).toEqual([
    '2 spaces of your own are managed in Git and will be skipped: take them back under their Settings first.',
  ])
  expect(gitInWords('offer', [mine])).toEqual([
    '1 space of your own is managed in Git and will be skipped: take it back under its Settings first.',
  ])
  expect(gitInWords('remove', [mine, theirs])).toEqual([
    '2 spaces are managed in Git. They are deleted anyway, and recreated if their objects change: delete those in Git too.',
  ])
})
