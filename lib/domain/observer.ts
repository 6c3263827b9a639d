/** Spaceport's processes, each of which may run any number of times, and its commands for operators. */
export const processes = ['web', 'gateway', 'worker', 'command'] as const
export type Process = (typeof processes)[number]

/** The process that observed an action: its kind, and the name of its host or pod. */
export type Observer = `${Process}/${string}`

/** @returns how the trail names a process */
export const observerOf = (process: Process, hostname: string): Observer => `${process}/${hostname}`

/** @returns the kind of a process */
export const processOf = (observer: Observer): Process => observer.slice(0, observer.indexOf('/')) as Process
