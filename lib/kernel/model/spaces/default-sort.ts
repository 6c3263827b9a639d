import type { SpaceSort } from './space-query.ts'

/**
 * The order of the list of spaces, if its address names none.
 * @param seesAll whether the viewer sees every space: sorting ten thousand by urgency would take too long
 */
export const defaultSortOf = (seesAll: boolean): SpaceSort => (seesAll ? 'name' : 'attention')
