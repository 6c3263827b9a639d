import { scimFailure } from '#lib/features/scim/protocol/scim-failure.ts'
import { Prisma } from '#lib/kernel/db/client.ts'

/** @returns an error handler that turns a unique violation into AppError scim_taken */
export const takenIfUnique =
  (sentence: string) =>
  (error: unknown): never => {
    const isTaken = error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002'
    throw isTaken ? scimFailure('scim_taken', sentence) : error
  }
