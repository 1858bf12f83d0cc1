/** US dollars for a million tokens. */
export interface ModelPrice {
  input: number;
  output: number;
}

/**
 * Prices by the beginning of the model's name, in US dollars for a million tokens. They are configuration, not facts
 * of the code: they change with the vendor's price list, and a changed price only changes the cost of later texts.
 */
export const modelPrices: Readonly<Record<string, ModelPrice>> = {
  'claude-haiku': { input: 1, output: 5 },
  'claude-sonnet': { input: 3, output: 15 },
  'claude-opus': { input: 5, output: 25 },
};

/** A model that no line above names costs as much as this one, rather than nothing. */
const otherwise: ModelPrice = { input: 5, output: 25 };

/** Multiples of the input price for tokens read from the cache, and written to it for an hour. */
const cacheReadFactor = 0.1;
const cacheWriteFactor = 2;

export interface TokenUsage {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens?: number;
  cacheWriteTokens?: number;
}

/** The cost of one answer in millionths of a US dollar, rounded up: dollars for a million tokens are that for one. */
export function costMicroUsd(model: string, usage: TokenUsage): number {
  const price = Object.entries(modelPrices).find(([prefix]) => model.startsWith(prefix))?.[1] ?? otherwise;
  const cached = (usage.cacheReadTokens ?? 0) * cacheReadFactor + (usage.cacheWriteTokens ?? 0) * cacheWriteFactor;
  return Math.ceil((usage.inputTokens + cached) * price.input + usage.outputTokens * price.output);
}
