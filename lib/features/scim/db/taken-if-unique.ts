import { scimFailure } from '#lib/features/scim/protocol/scim-failure.ts'
import { Prisma } from '#lib/kernel/db/client.ts'

/** @returns a handler of what a write throws: AppError scim_taken for a value that is unique and somebody else's */
export const takenIfUnique =
  (sentence: string) =>
  (error: unknown): never => {
    const isTaken = error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'
    throw isTaken ? scimFailure('scim_taken', sentence) : error
  }
