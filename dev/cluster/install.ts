export async function installIntoCluster(_: unknown) {}
