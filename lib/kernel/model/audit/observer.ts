/** Spaceport's processes, each with any number of replicas, and its commands for operators. */
export const processes = ['web', 'gateway', 'worker', 'command'] as const
export type Process = (typeof processes)[number]

/** The source of a trail entry: a process with its host or pod name, or a cluster’s own audit. */
export type Observer = `${Process}/${string}` | `cluster/${string}`

export const observerOf = (process: Process, hostname: string): Observer => `${process}/${hostname}`

export const processOf = (observer: Observer): Process => observer.slice(0, observer.indexOf('/')) as Process
