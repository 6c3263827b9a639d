import { expect, test } from 'vitest'
import { stateDrawings } from './state-drawings.ts'

test('no two states look alike, even without colours and motion', () => {
  const shapes = Object.values(stateDrawings).map(({ sides, isFilled, inside }) =>
    JSON.stringify([sides ?? null, isFilled ?? false, inside ?? null]),
  )
  expect(new Set(shapes).size).toBe(shapes.length)
})
