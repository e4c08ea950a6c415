/** Metadata that says nothing is left out of an answer (D-22). */
export const isEmpty = (metadata: Readonly<Record<string, string>> | undefined): boolean =>
  metadata === undefined || Object.keys(metadata).length === 0;
