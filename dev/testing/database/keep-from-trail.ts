import type pg from 'pg'
import { keepFromTable } from './keep-from-table.ts'

/** Makes adding an event to the trail fail where a condition on its row (`NEW`) is true; see keepFromTable. */
export const keepFromTrail = (owner: pg.Pool, name: string, when: string): Promise<() => Promise<void>> =>
  keepFromTable(owner, 'audit_event', name, when)
