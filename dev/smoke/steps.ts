export type Step = <T>(what: string, work: () => Promise<T>) => Promise<T>

/** @returns a function that runs the steps of a job, and prints for each whether it passed and how long it took */
export function createSteps(print: (line: string) => void, signal: AbortSignal): Step {
  return async (what, work) => {
    const begun = performance.now()
    const line = (sign: string) =>
      print(`${sign} ${((performance.now() - begun) / 1000).toFixed(1).padStart(6)} s  ${what}`)
    const stopped = Promise.withResolvers<never>()
    const stop = () => stopped.reject(new Error('Stopped.'))
    signal.addEventListener('abort', stop)
    try {
      signal.throwIfAborted()
      const result = await Promise.race([work(), stopped.promise])
      line('✓')
      return result
    } catch (error) {
      line('✗')
      throw error
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }
}
