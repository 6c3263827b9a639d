import { expect, test } from 'vitest'
import { progressInWords } from './progress-in-words.ts'

const none = { open: 0, kept: 0, revoked: 0, lowered: 0, flagged: 0, ended: 0, undecided: 0, shown: 0 }

test('the parts of a closed review add up, without what its end settled', () => {
  expect(
    progressInWords({
      counts: { ...none, kept: 2, lowered: 1, revoked: 2, shown: 3 },
      nobody: { kept: 0, revoked: 1, undecided: 0 },
    }),
  ).toEqual({
    lines: 5,
    decided: 4,
    total: '4 of 5 decided',
    parts: ': 2 kept, 1 lowered, 1 revoked.',
    automatic: '1 revoked automatically.',
  })
  expect(
    progressInWords({
      counts: { ...none, kept: 3, flagged: 1, ended: 1, undecided: 2 },
      nobody: { kept: 3, revoked: 0, undecided: 2 },
    }),
  ).toMatchObject({
    total: '2 of 7 decided',
    parts: ': 1 flagged, 1 ended otherwise.',
    automatic: '3 kept automatically, 2 left undecided.',
  })
})

test('an open review has undecided lines, and nothing that its end settled', () => {
  const nobody = { kept: 0, revoked: 0, undecided: 0 }
  expect(progressInWords({ counts: { ...none, open: 3, kept: 1 }, nobody })).toMatchObject({
    total: '1 of 4 decided',
    parts: ': 1 kept.',
    automatic: '',
  })
  expect(progressInWords({ counts: { ...none, open: 1 }, nobody })).toMatchObject({
    total: '0 of 1 decided',
    parts: '.',
  })
})
