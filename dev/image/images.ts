import { join } from 'node:path'
import { projectRoot } from '#dev/project-root.ts'

/** The images of the three processes, with their names and programs. */
export const imageNames = ['web', 'gateway', 'worker'] as const
export type ImageName = (typeof imageNames)[number]

/** Programs of an image that run from their sources. The portal comes from its build. */
export const entries: Readonly<Record<Exclude<ImageName, 'web'>, readonly string[]>> = {
  gateway: ['lib/gateway/main.ts'],
  worker: [
    'lib/worker/main.ts',
    // Operators' commands, with the worker's dependencies.
    'prisma/migrate.ts',
    'lib/features/recovery/use-cases/admin-command.ts',
    'lib/features/scim/use-cases/token-command.ts',
    'lib/auth/break-glass/command.ts',
    'lib/auth/operator/identity-command.ts',
    'lib/features/cluster-audit/receiver/command.ts',
    'lib/features/audit/verify/audit-verify.ts',
    'lib/features/audit/operator/archive-trail-command.ts',
    'lib/features/audit/operator/pseudonymise-person-command.ts',
  ],
}

export const containerfile = join(projectRoot, 'deploy', 'image', 'Containerfile')

/** Spaceport's folder in its images. */
export const appDir = 'app'
