import { clusterRoleOf, type Standing } from './role.ts'
import { roleAllows } from './role-rules.ts'

/** @returns whether the role in a space may run commands in its containers (`pods/exec`), for what a page offers */
export const mayOpenShell = (standing: Standing | null): boolean =>
  standing !== null && roleAllows(clusterRoleOf(standing, false), '', 'pods/exec', 'create')
