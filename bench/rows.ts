import type { Finding } from '#bench/figures/finding.ts'
import { measureCrowding } from '#bench/gateway/crowding-row.ts'
import { type GatewayScene, openGatewayScene } from '#bench/gateway/gateway-scene.ts'
import { measureGet } from '#bench/gateway/get-row.ts'
import { measureHandshakes } from '#bench/gateway/handshake-row.ts'
import { measureLatency } from '#bench/gateway/latency-row.ts'
import { measureList } from '#bench/gateway/list-row.ts'
import { measureManySpaces } from '#bench/gateway/many-spaces-row.ts'
import { measureRevocation } from '#bench/gateway/revocation-row.ts'
import { measureStreams } from '#bench/gateway/stream-row.ts'
import { measureWatches } from '#bench/gateway/watch-row.ts'
import { measureLoad } from '#bench/load/load-row.ts'
import { measureMemory } from '#bench/machine/memory-row.ts'
import { measureBrowser } from '#bench/portal/browser-row.ts'
import { measureCompany } from '#bench/portal/company-row.ts'
import { measurePages } from '#bench/portal/pages-row.ts'
import { measureCreate } from '#bench/spaces/create-row.ts'
import { measureAuditIn } from '#bench/trail/audit-in-row.ts'
import { measureTrail } from '#bench/trail/trail-row.ts'
import { measureWorker } from '#bench/worker/worker-row.ts'
import type { BenchContext } from './bench-context.ts'
import type { RowName } from './parse-options.ts'

export type Row = {
  measure: () => Promise<Finding[]>
  /** Whether the contenders have a core of their own. */
  pinned: boolean
}

/** @returns a function for each row; rows with the gateway under load share one scene */
export function listRows(context: BenchContext): Record<RowName, Row> {
  let scene: Promise<GatewayScene> | undefined
  const gateway = (measure: (context: BenchContext, scene: GatewayScene) => Promise<Finding[]>): Row => ({
    pinned: true,
    measure: async () => {
      scene ??= openGatewayScene(context)
      return measure(context, await scene)
    },
  })
  const other = (measure: (context: BenchContext) => Promise<Finding[]>, pinned = false): Row => ({
    pinned,
    measure: () => measure(context),
  })
  return {
    '1': gateway(measureGet),
    '2': gateway(measureLatency),
    '3': gateway(measureHandshakes),
    '4': gateway(measureList),
    spaces: gateway(measureManySpaces),
    '5': gateway(measureWatches),
    '6': gateway(measureStreams),
    '9': other(measureWorker),
    '10': gateway(measureRevocation),
    '11': other(measureTrail),
    'audit-in': other(measureAuditIn),
    '7': other(measureCreate),
    '8': other(measurePages, true),
    '12': other(measureBrowser),
    company: other(measureCompany),
    crowding: gateway(measureCrowding),
    load: other(measureLoad),
    memory: other(measureMemory),
  }
}
