/** When a process was started, in the system's own words; undefined when there is no such process. */
export function readProcessStart(pid: number): string | undefined
