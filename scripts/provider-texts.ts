/** Writes what follows from the lists of variables and providers: `.env.example`, and the tables of docs/providers.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { manifests } from '../providers';
import { providerTables } from '../providers/tables';
import { envExample } from '../runtime/env-example';

const root = path.join(__dirname, '..');
writeFileSync(path.join(root, '.env.example'), envExample(manifests));

const docs = path.join(root, 'docs', 'providers.md');
const between = /(<!-- providers -->\n\n)[\s\S]*(\n\n<!-- \/providers -->)/;
writeFileSync(
  docs,
  readFileSync(docs, 'utf8').replace(
    between,
    (_, begin: string, end: string) => `${begin}${providerTables(manifests)}${end}`,
  ),
);
