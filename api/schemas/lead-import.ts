import { z } from 'zod';

/** What an import did. */
export const importReport = z.object({
  imported: z.number(),
  duplicates: z.number().describe('Twice in the file, or in this campaign already'),
  suppressed: z.number().describe('Suppressed by address, domain, number or profile'),
  rejected: z
    .array(z.object({ row: z.number(), field: z.string(), reason: z.string() }))
    .describe('Each refused row once. In a CSV the header is row 1; in JSON the first lead is row 1'),
});
