import { AppError } from '../domain/errors.ts'
import type { Size } from '../domain/size.ts'
import { Prisma, type Tx } from './client.ts'

export type NewSpace = {
  id: string
  clusterId: string
  name: string
  namespace: string
  creation: string
  description: string
  size: Size
  ownerId: string
  endsAt: Date | null
  requestId: string | null
}

/** Adds a space. @throws AppError name_taken when a living one has the name or the namespace on that cluster */
export async function insertSpace(tx: Tx, space: NewSpace): Promise<void> {
  try {
    await tx.space.create({ data: space })
  } catch (error) {
    if (error instanceof Prisma.PrismaClientKnownRequestError && error.code === 'P2002')
      throw new AppError('name_taken', { fields: { name: 'This name is taken. Choose another.' } })
    throw error
  }
}
