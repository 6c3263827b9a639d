/**
 * The Audit-ID of a read of secrets or logs at the API server
 * (https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/). The gateway writes a row for the first read in a
 * minute; repeats refer to that row: `OWN.NOTED`, both UUIDs.
 */
export const renderAuditId = (own: string, noted: string): string => (own === noted ? own : `${own}.${noted}`)

/** @returns the Audit-ID of the row that a read refers to: its own, or the one that it repeats */
export const notedIn = (auditId: string): string => auditId.slice(auditId.lastIndexOf('.') + 1)
