/** Bytes as a sentence says them, rounded up. */
export const inMegabytes = (bytes: number): string => `${Math.ceil(bytes / 1e6)} MB`;
