import { expect, test } from 'vitest'
import { blockBytes, createRecycledBlocks, keep } from './recycled-blocks.ts'

test('a block is reused after its release, and not before', () => {
  const blocks = createRecycledBlocks()
  const first = blocks.take()
  const lent = blocks.lend(first, 10)
  expect(lent.bytes.length).toBe(10)
  expect(blocks.take()).not.toBe(first)
  lent.release()
  expect(blocks.take()).toBe(first)
})

test('a second release does not take a block from its new owner', () => {
  const blocks = createRecycledBlocks()
  const before = blocks.lend(blocks.take(), 1)
  before.release()
  const mine = blocks.take()
  before.release()
  expect(blocks.take()).not.toBe(mine)
})

test('kept bytes never change', () => {
  const blocks = createRecycledBlocks()
  const block = blocks.take()
  block.fill('a')
  const kept = keep(blocks.lend(block, 5))
  expect(blocks.take()).toBe(block)
  block.fill('b')
  expect(String(kept)).toBe('aaaaa')
})

test('a burst leaves at most four megabytes behind', () => {
  const blocks = createRecycledBlocks()
  const lent = Array.from({ length: 200 }, () => blocks.lend(blocks.take(), blockBytes))
  for (const piece of lent) piece.release()
  expect(blocks.free()).toBe(64)
})
