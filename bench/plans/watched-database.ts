import type { PoolClient } from 'pg';
import { openDatabase, type Database } from '../../store/database';

/** A plan as the server explains it; only what is looked at. */
interface PlanNode {
  'Node Type': string;
  'Relation Name'?: string;
  'Index Name'?: string;
  'Index Cond'?: string;
  'Parent Relationship'?: string;
  Plans?: PlanNode[];
}

/** A statement that was executed, also inside a database function, with the plan by which it was. */
export interface SeenPlan {
  /** The statement in one line. */
  text: string;
  milliseconds: number;
  /** "touch by touch_pkey", "lead read through". */
  reads: string[];
  /** Tables that were read from end to end, also along an index. */
  readThrough: string[];
}

/**
 * A database whose server tells the plan of every statement that it executes (auto_explain), those inside functions and of
 * foreign keys included.
 */
export function openWatched(url: string, onPlan: (plan: SeenPlan) => void): Database {
  const settings = {
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_nested_statements': 'on',
    'auto_explain.log_format': 'json',
    'auto_explain.log_level': 'notice',
  };
  const watched = new URL(url);
  const options = Object.entries(settings).map(([name, value]) => `-c ${name}=${value}`);
  watched.searchParams.set('options', options.join(' '));
  const database = openDatabase(watched.toString(), 1);
  database.pool.on('connect', (client: PoolClient) => {
    client.on('notice', ({ message }) => {
      const plan = planIn(message ?? '');
      if (plan !== null) onPlan(plan);
    });
  });
  return database;
}

function planIn(message: string): SeenPlan | null {
  const [, duration, json] = /^duration: ([\d.]+) ms {2}plan:\n(.*)$/s.exec(message) ?? [];
  if (json === undefined) return null;
  const { 'Query Text': text, Plan: plan } = JSON.parse(json) as { 'Query Text': string; Plan: PlanNode };
  const nodes = nodesOf(plan);
  return {
    text: text.replace(/\s+/g, ' ').trim(),
    milliseconds: Number(duration),
    reads: nodes.flatMap(readOf),
    readThrough: nodes.flatMap((node) => (isReadThrough(node) ? (node['Relation Name'] ?? []) : [])),
  };
}

const nodesOf = (node: PlanNode): PlanNode[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)];

function readOf(node: PlanNode): string[] {
  const table = node['Relation Name'];
  if (table === undefined || !node['Node Type'].endsWith('Scan')) return [];
  if (isReadThrough(node)) return [`${table} read through${viaIndex(node)}`];
  return [`${table} by ${indexesOf(node).join(' and ')}`];
}

const viaIndex = (node: PlanNode): string => (node['Index Name'] === undefined ? '' : ` along ${node['Index Name']}`);

/** From end to end, be it along an index that nothing is looked up in. */
function isReadThrough(node: PlanNode): boolean {
  if (node['Node Type'] === 'Seq Scan') return true;
  return node['Node Type'].startsWith('Index') && node['Index Cond'] === undefined;
}

/** The scan's own, or those below a bitmap. */
function indexesOf(node: PlanNode): string[] {
  if (node['Index Name'] !== undefined) return [node['Index Name']];
  return (node.Plans ?? []).flatMap(nodesOf).flatMap((one) => one['Index Name'] ?? []);
}
