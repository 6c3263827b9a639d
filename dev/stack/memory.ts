/** Megabytes; small heaps keep a whole stack on one laptop, young ones keep garbage short-lived. */
const memory = (old: number, young: number) =>
  [`--max-old-space-size=${old}`, `--max-semi-space-size=${young}`] as const

/**
 * What each of our processes gets of Node's memory. A smaller young space costs web and gateway a fifth more CPU under
 * load; the worker has time.
 */
export const memoryOf = {
  web: memory(256, 16),
  gateway: memory(128, 16),
  worker: [...memory(192, 4), '--optimize-for-size'],
}
