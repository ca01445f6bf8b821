/** Whether rows come from text that may be read in other ways. */
export const isCsv = (source: string): boolean => /\.(csv|tsv|txt)(\.gz)?$/i.test(source);
