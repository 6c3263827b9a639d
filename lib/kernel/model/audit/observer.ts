/** Spaceport's processes, each of which may run any number of times, and its commands for operators. */
export const processes = ['web', 'gateway', 'worker', 'command'] as const
export type Process = (typeof processes)[number]

/** What observed an action: a process, by its kind and the name of its host or pod; or a cluster’s own audit. */
export type Observer = `${Process}/${string}` | `cluster/${string}`

/** @returns how the trail names a process */
export const observerOf = (process: Process, hostname: string): Observer => `${process}/${hostname}`

/** @returns the kind of a process */
export const processOf = (observer: Observer): Process => observer.slice(0, observer.indexOf('/')) as Process
