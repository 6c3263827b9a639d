import type { Use } from '#lib/kernel/model/spaces/pod-use.ts'

/**
 * @param cores at least 0
 * @returns a number with two digits that count: "0.015", "1.25", "13"; "0" only for nothing
 */
export function cpuNumber(cores: number): string {
  if (cores >= 1) return upToHundredths(cores)
  return cores === 0 ? '0' : String(Number(Math.max(cores, 0.001).toPrecision(2)))
}

/** @returns text: "0.25 CPUs" */
export function cpuText(cores: number): string {
  const number = cpuNumber(cores)
  return `${number} ${number === '1' ? 'CPU' : 'CPUs'}`
}

/**
 * @param bytes at least 0
 * @returns a number and its unit: "120" and "MiB", "1.5" and "GiB"
 */
export function memoryParts(bytes: number): { number: string; unit: 'MiB' | 'GiB' } {
  const mebibytes = bytes / 2 ** 20
  if (mebibytes >= 1023.5) return { number: upToHundredths(mebibytes / 1024), unit: 'GiB' }
  return { number: bytes === 0 ? '0' : String(Math.max(Math.round(mebibytes), 1)), unit: 'MiB' }
}

/** @returns text: "120 MiB", "1.5 GiB" */
export function memoryText(bytes: number): string {
  const { number, unit } = memoryParts(bytes)
  return `${number} ${unit}`
}

/** @returns "0.25 CPUs, 120 MiB" */
export const inUseText = ({ cpu, memory }: Use): string => `${cpuText(cpu)}, ${memoryText(memory)}`

const upToHundredths = (value: number): string => String(Number(value.toFixed(value < 10 ? 2 : 0)))
