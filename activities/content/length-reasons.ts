/** Why a field of a text is too short or too long, as a sentence for the writer. @param limits in characters */
export function lengthReasons(field: string, value: string, limits: { minimum: number; maximum: number }): string[] {
  const { minimum, maximum } = limits;
  if (value.length === 0) return [`The ${field} is empty.`];
  if (value.length < minimum) return [`The ${field} has ${value.length} characters; at least ${minimum} are needed.`];
  if (value.length > maximum) return [`The ${field} has ${value.length} characters; at most ${maximum} are allowed.`];
  return [];
}
