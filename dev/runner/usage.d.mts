export function readUsage(name: string): string
export function findUsage(target: string | undefined, args: readonly string[]): string | undefined
