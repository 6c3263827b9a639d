import type { BenchContext } from '#bench/bench-context.ts'
import { insertPerson, type SeededPerson } from '#bench/scene/insert-person.ts'
import { type Ground, openGround } from './ground.ts'
import { type ServerUnderTest, startGateway, startGo, startNginx } from './start-processes.ts'

export type ContenderName = 'gateway' | 'goHttp1' | 'goHttp2' | 'goTuned' | 'nginx'

/** The measurements of one contender. */
export type Contender = Pick<ServerUnderTest, 'url' | 'pids'>

/** The gateway and its references in front of one upstream, each started on first use. */
export type GatewayScene = {
  ground: Ground
  /** A person with one space. */
  person: SeededPerson
  direct: Contender
  /** @throws Error when it can’t be started */
  contender(name: ContenderName): Promise<Contender>
}

/** The contenders' names in the table. */
export const contenderNames: Readonly<Record<ContenderName, string>> = {
  gateway: 'gateway',
  goHttp1: 'Go ReverseProxy (h1 up)',
  goHttp2: 'Go ReverseProxy (h2 up)',
  goTuned: 'Go tuned (h2 up, GOGC=400, BufferPool, GOMAXPROCS=1)',
  nginx: 'nginx',
}

export async function openGatewayScene(context: BenchContext): Promise<GatewayScene> {
  const ground = await openGround(context)
  const start: Record<ContenderName, () => Promise<ServerUnderTest>> = {
    gateway: () => startGateway(context, ground),
    goHttp1: () => startGo(context, ground, { http2: false, tuned: false }),
    goHttp2: () => startGo(context, ground, { http2: true, tuned: false }),
    goTuned: () => startGo(context, ground, { http2: true, tuned: true }),
    nginx: () => startNginx(context, ground),
  }
  const started = new Map<ContenderName, Promise<ServerUnderTest>>()
  return {
    ground,
    person: await insertPerson(ground.database.ownerUrl),
    direct: { url: ground.upstream.url, pids: () => [ground.upstream.pid] },
    contender(name) {
      const running = started.get(name) ?? start[name]()
      started.set(name, running)
      return running
    },
  }
}

/** @returns header lines of a request as kubectl sends it */
export const headersOf = ({ token }: SeededPerson): string[] => [
  `Authorization: Bearer ${token}`,
  'User-Agent: kubectl/v1.36.3',
]

/** @returns the path of an object that a person may read, below the cluster’s root */
export const objectPath = ({ namespace }: SeededPerson): string => `/api/v1/namespaces/${namespace}/configmaps/settings`
