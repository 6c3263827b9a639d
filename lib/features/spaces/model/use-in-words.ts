import type { Use } from '#lib/kernel/model/spaces/pod-use.ts'

/**
 * @param cores in use
 * @returns text with two digits: "0.25 CPUs"
 */
export const cpuText = (cores: number): string => {
  const rounded = cores >= 10 ? Math.round(cores) : Number(Math.max(cores, 0.001).toPrecision(2))
  return cores === 0 ? '0 CPUs' : `${rounded} ${rounded === 1 ? 'CPU' : 'CPUs'}`
}

/**
 * @param bytes in use
 * @returns text: "120 MiB", "1.5 GiB"
 */
export const memoryText = (bytes: number): string => {
  const mebibytes = bytes / 2 ** 20
  if (mebibytes < 1023.5) return `${Math.round(mebibytes)} MiB`
  const gibibytes = mebibytes / 1024
  return `${gibibytes >= 10 ? Math.round(gibibytes) : Number(gibibytes.toFixed(1))} GiB`
}

/** @returns "0.25 CPUs, 120 MiB" */
export const inUseText = ({ cpu, memory }: Use): string => `${cpuText(cpu)}, ${memoryText(memory)}`
