/**
 * Variables of the environment as data: form, default and sentence, spelled once for the configuration, its errors
 * and `.env.example`.
 */
import { z } from 'zod';

export interface Variable<T = unknown> {
  /** As the environment calls it. */
  name: string;
  /** What it is, with its unit, and the full stop. */
  sentence: string;
  /** What holds when it is not set. */
  otherwise: string;
  schema: z.ZodType<T>;
  /** What to do about a bad value. Values are never repeated: many of them are secrets. */
  remedy: string;
  /** As text; null: there is none. */
  default: string | null;
  /** Must be set for its group to be there at all. */
  needed: boolean;
  /** A wish that may stand in the environment without the rest of its group. */
  alone: boolean;
  /** Where the engine connects to, as a URL or a host name. */
  place: 'url' | 'host' | null;
}

export type Variables = Readonly<Record<string, Variable>>;

/** The values of a group by their names in code. */
export type Settings<V extends Variables> = { [K in keyof V]: V[K] extends Variable<infer T> ? T : never };

/** Variables that belong together: the engine's, or one provider's. */
export interface VariableGroup {
  /** As errors call it. */
  name: string;
  /** The heading in `.env.example`. */
  title: string;
  /** By the setting's name in code. */
  variables: Variables;
  /** Settings of which all or none are given, apart from those that are needed. */
  together?: readonly { name: string; settings: readonly string[] }[];
}

interface Words<D> {
  default?: D;
  /** After "Default: ", when there is more to say than the value. */
  otherwise?: string;
  remedy?: string;
  alone?: boolean;
}

function variable<T>(
  name: string,
  sentence: string,
  schema: z.ZodType<T>,
  { remedy, ...words }: Words<T> & { remedy: string },
): Variable<T> {
  const fallback = words.default === undefined ? null : String(words.default);
  return {
    name,
    sentence,
    otherwise: words.otherwise ?? fallback ?? 'none',
    schema,
    remedy,
    default: fallback,
    needed: words.default === undefined,
    alone: words.alone ?? false,
    place: null,
  };
}

const withDefault = <T>(schema: z.ZodType<T>, value: T | undefined): z.ZodType<T> =>
  value === undefined ? schema : schema.optional().transform((given) => given ?? value);

/** Any text. */
export function text(name: string, sentence: string, words: Words<string> = {}): Variable<string> {
  return variable(name, sentence, withDefault(z.string(), words.default), { remedy: 'set a value', ...words });
}

/** Text of a form of its own. */
export function formed(
  name: string,
  sentence: string,
  form: z.ZodType<string>,
  words: Words<string>,
): Variable<string> {
  return variable(name, sentence, withDefault(form, words.default), { remedy: 'set a value', ...words });
}

/** A port, 1 to 65535. */
export function port(name: string, sentence: string, words: Words<number> = {}): Variable<number> {
  const schema = withDefault(z.coerce.number().int().min(1).max(65_535), words.default);
  return variable(name, sentence, schema, { remedy: 'set a port, 1 to 65535', ...words });
}

/** A whole number, 0 or more. */
export function count(name: string, sentence: string, words: Words<number> & { default: number }): Variable<number> {
  const schema = withDefault(z.coerce.number().int().min(0).max(100_000), words.default);
  return variable(name, sentence, schema, { remedy: 'set a whole number, 0 to 100000', ...words });
}

/** A host that the engine connects to. */
export function host(name: string, sentence: string, words: Words<string> = {}): Variable<string> {
  return { ...text(name, sentence, words), place: 'host' };
}

/** A URL by HTTP or HTTPS; a slash at its end is taken away. */
export function webUrl(name: string, sentence: string, words: Words<string> = {}): Variable<string> {
  const url = z.url({ protocol: /^https?$/ }).transform((given) => given.replace(/\/+$/, ''));
  const remedy = 'set a URL that starts with https:// or http://';
  return { ...variable(name, sentence, withDefault(url, words.default), { remedy, ...words }), place: 'url' };
}

/** A secret that we chose ourselves, at least 16 characters. */
export function secret(name: string, sentence: string, words: Words<string> = {}): Variable<string> {
  const remedy = 'set at least 16 random characters, e.g. `openssl rand -hex 16`';
  return variable(name, sentence, z.string().min(16), { remedy, ...words });
}

/** true or false. */
export function flag(name: string, sentence: string, words: Words<boolean> & { default: boolean }): Variable<boolean> {
  const schema = withDefault(z.stringbool({ truthy: ['true'], falsy: ['false'] }), words.default);
  return variable(name, sentence, schema, { remedy: 'set true or false', ...words });
}

/** One of a few words. */
export function oneOf<const T extends string>(
  name: string,
  sentence: string,
  values: readonly T[],
  words: Words<T> & { default: T },
): Variable<T> {
  const schema = withDefault<T>(z.enum(values as [T, ...T[]]), words.default);
  return variable(name, sentence, schema, { remedy: `set one of ${values.join(', ')}`, ...words });
}

/** The same, but it may be left out, and is null then. */
export function optional<T>(one: Variable<T>): Variable<T | null> {
  return { ...one, schema: one.schema.optional().transform((given) => given ?? null), needed: false };
}
