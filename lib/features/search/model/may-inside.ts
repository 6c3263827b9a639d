import { clusterRoleOf, type Standing } from '#lib/kernel/model/access/role.ts'
import { roleAllows } from '#lib/kernel/model/access/role-rules.ts'

/** Whether to offer an action inside a space, by role there. The API server decides. */
const mayInside =
  (group: string, resource: string, verb: string) =>
  (standing: Standing | null): boolean =>
    standing !== null && roleAllows(clusterRoleOf(standing, false), group, resource, verb)

/** @returns whether the role may run commands in containers */
export const mayOpenShell = mayInside('', 'pods/exec', 'create')

/** @returns whether the role may restart and scale workloads, and delete pods */
export const mayChangeWorkloads = mayInside('apps', 'deployments', 'patch')

/** @returns whether the role may list Secrets and read their values */
export const mayReadSecrets = mayInside('', 'secrets', 'get')
