import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { PrismaPg } from '@prisma/adapter-pg'
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils'
import * as bindings from '@prisma/schema-engine-wasm/schema_engine_bg'
import { createOwnerPool } from './pool.ts'

// Not import.meta.resolve: vitest has none.
const bindingsFile = createRequire(import.meta.url).resolve('@prisma/schema-engine-wasm/schema_engine_bg')
const wasmFile = join(dirname(bindingsFile), 'schema_engine_bg.wasm')
let ready: Promise<void> | undefined

/** The engine's WebAssembly can be instantiated only once per process; it reports panics through this registry. */
async function instantiate(): Promise<void> {
  Object.assign(globalThis, {
    PRISMA_WASM_PANIC_REGISTRY: {
      set_message(message: string) {
        throw new Error(`Prisma’s schema engine failed: ${message}`)
      },
    },
  })
  const bytes = await readFile(wasmFile)
  const { instance } = await WebAssembly.instantiate(bytes, { './schema_engine_bg.js': bindings })
  bindings.__wbg_set_wasm(instance.exports)
  const start = instance.exports.__wbindgen_start
  if (typeof start === 'function') start()
}

/**
 * Opens Prisma's schema engine on a database. Close it, or its connection stays open.
 *
 * A script goes to Postgres as one query (so it is one transaction, and a function's body may hold semicolons), over
 * one connection (the engine's advisory lock lives on it).
 * @param schema a Prisma schema that a test compares the database with
 * @param lockTimeoutMs how long a statement waits for a lock; 0: as long as it takes
 */
export async function openSchemaEngine(databaseUrl: string, schema = '', lockTimeoutMs = 0) {
  ready ??= instantiate()
  await ready
  const pool = createOwnerPool(databaseUrl, `-c lock_timeout=${lockTimeoutMs}`)
  const factory = new PrismaPg(pool)
  const connect = factory.connect.bind(factory)
  let failure: unknown
  factory.connect = async () => {
    const adapter = await connect()
    adapter.executeScript = async (script) => {
      try {
        await adapter.underlyingDriver().query(script)
      } catch (error) {
        failure = error
        throw error
      }
    }
    return adapter
  }
  const engine = await bindings.SchemaEngine.new(
    { datamodels: schema ? [['schema.prisma', schema]] : undefined },
    () => {},
    bindMigrationAwareSqlAdapterFactory(factory),
  )
  return {
    engine,
    /** @returns the error of the last script that failed: the engine doesn't pass it on */
    failure: () => failure,
    async close(): Promise<void> {
      engine.free()
      await pool.end()
    },
  }
}
