import { expect, test } from 'vitest'
import { spaceDrawings } from './space-drawings.ts'

test('no two states look alike, even without colours and motion', () => {
  const shapes = Object.values(spaceDrawings).map(({ sides, isFilled, inside }) =>
    JSON.stringify([sides ?? null, isFilled ?? false, inside ?? null]),
  )
  expect(new Set(shapes).size).toBe(shapes.length)
})
