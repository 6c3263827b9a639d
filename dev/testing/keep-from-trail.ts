import type pg from 'pg'
import { keepFromTable } from './keep-from-table.ts'

/** Lets no event into the trail for which a condition on its row (`NEW`) holds; as keepFromTable does. */
export const keepFromTrail = (owner: pg.Pool, name: string, when: string): Promise<() => Promise<void>> =>
  keepFromTable(owner, 'audit_event', name, when)
