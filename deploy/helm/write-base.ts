/** `node dev/run.mjs deploy/helm/write-base.ts`: renders the base for Kustomize from the chart. */
import { writeFile } from 'node:fs/promises'
import { openHelm } from './helm.ts'
import { baseFile, renderBase } from './render-base.ts'

const helm = await openHelm()
await writeFile(baseFile, await renderBase(helm))
await helm.close()
