import { readFileSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { startTestBackend, type TestBackend, testBackendSchema } from './test-backend.ts'

declare module 'vitest' {
  export interface ProvidedContext extends TestBackend {}
}

/** Gives integration tests their backend: the one in SPACEPORT_TEST_STACK, or a new one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const described = process.env.SPACEPORT_TEST_STACK
  if (described !== undefined && described !== '') {
    provide(project, testBackendSchema.parse(JSON.parse(readFileSync(described, 'utf8'))))
    return () => Promise.resolve()
  }
  let stopping = false
  const backend = await startTestBackend({
    report: (line) => console.log(`test backend, ${line}`),
    onExit: (reason) => {
      if (!stopping) console.error(`The test backend broke: ${reason}`)
    },
  })
  provide(project, backend)
  return async () => {
    stopping = true
    await backend.stop()
  }
}

function provide(project: TestProject, backend: TestBackend): void {
  project.provide('kubeAdmin', backend.kubeAdmin)
  project.provide('kubeBroker', backend.kubeBroker)
  project.provide('kubeGateway', backend.kubeGateway)
  project.provide('template', backend.template)
  project.provide('auditLog', backend.auditLog)
  project.provide('binaries', backend.binaries)
  project.provide('lender', backend.lender)
}
